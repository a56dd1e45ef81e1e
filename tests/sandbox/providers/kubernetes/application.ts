import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Application } from "../../../../components/application/application.ts";
import { Priorities } from "../../../../components/priorities/priorities.ts";
import { applicationArgs, ownership } from "../../../components/fixtures.ts";
import { stuckUnless } from "../../../components/stuck-jobs.ts";

/** What a test changes about a release. */
export interface Release {
  readonly namespace: string;
  readonly kubeconfig: string;
  /** Of every image. */
  version: string;
  /** Whether its migrations come to a good end. */
  migrates: boolean;
}

/** The application as the stacks have it, beside stores that nobody asks. */
export function applicationOf(release: Release): pulumi.automation.PulumiFn {
  return async () => {
    const provider = new kubernetes.Provider("cluster", { kubeconfig: pulumi.secret(release.kubeconfig) });
    const { classes } = new Priorities("priorities", { ownership }, { provider });
    const namespace = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: release.namespace, annotations: { "pulumi.com/skipAwait": "true" } } },
      { provider },
    );
    const args = applicationArgs();
    const image = (part: string) => `example.com/${part}:${release.version}`;
    new Application(
      "app",
      {
        ...args,
        namespace: { name: release.namespace, guards: [namespace, ...classes] },
        images: { api: image("api"), web: image("web"), worker: image("worker") },
        // There is no node of the workers' pool.
        sizes: { ...args.sizes, worker: { ...args.sizes.worker, replicas: 0 } },
      },
      { provider, transformations: [stuckUnless(() => release.migrates)] },
    );
  };
}
