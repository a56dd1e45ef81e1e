import type * as pulumi from "@pulumi/pulumi";

/** What everything a Prometheus consists of has in common. */
export interface Place {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  readonly podLabels: Record<string, string>;
  readonly options: pulumi.CustomResourceOptions;
}
