import type * as pulumi from "@pulumi/pulumi";

/** What everything an Alertmanager consists of has in common. */
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
  readonly options: pulumi.CustomResourceOptions;
}
