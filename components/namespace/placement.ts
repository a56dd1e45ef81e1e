import type * as pulumi from "@pulumi/pulumi";

/**
 * Where a workload goes. The names are plain text, not outputs: a preview, and the policies that judge it, know
 * them before the cluster exists.
 */
export interface NamespacePlacement {
  /** Name of the namespace. @example "whisper-staging-application" */
  readonly name: string;
  /** Name of the secret that images are pulled with. @default none: only public ones are pulled */
  readonly imagePullSecret?: string;
  /** What must be there before anything is put into the namespace. */
  readonly guards: pulumi.Resource[];
}
