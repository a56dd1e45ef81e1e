import type * as pulumi from "@pulumi/pulumi";
import type { Neo4jArgs } from "./arguments.ts";

/** What everything a Neo4j consists of has in common. */
export interface Place {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  /** The labels by which its pods are chosen. */
  readonly podLabels: Record<string, string>;
  /** What its volumes say of themselves. */
  readonly storeLabels: Record<string, string>;
  /** The Service by which each pod has a name of its own. */
  readonly membersService: string;
  readonly options: pulumi.CustomResourceOptions;
}

/** Name of the volume in the pods, with which the names of the claims begin. */
export const dataVolume = "data";

/** Name of a server's claim, as the StatefulSet makes it: one that is there already it takes. */
export const claimName = (name: string, ordinal: number): string => `${dataVolume}-${name}-${ordinal}`;

/** Host of a pod, in the whole cluster. */
export const memberHost = ({ membersService, metadata }: Place, pod: string): string =>
  `${pod}.${membersService}.${metadata.namespace}.svc.cluster.local`;

/** What a server's claim asks for. The volume stays when the claim goes: only who deletes it in the cloud loses it. */
export const claimSpec = ({ diskGib }: Pick<Neo4jArgs, "diskGib">) => ({
  accessModes: ["ReadWriteOnce"],
  storageClassName: "do-block-storage-retain",
  resources: { requests: { storage: `${diskGib}Gi` } },
});
