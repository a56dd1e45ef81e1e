import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { createAccount, createTrafficPolicy } from "./companions.ts";
import { placeOf } from "./place.ts";
import { type ContainerArgs, type PodArgs, restrictedPod } from "./pod.ts";

/** What {@link createTask} is told. */
export interface TaskArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /** What it is: a label by which network policies know it. @example "migrations" */
  readonly component: string;
  /** Where it goes; it begins when the guards are there. */
  readonly namespace: NamespacePlacement;
  /** What it runs, to its end; service account and pull secret are seen to here. */
  readonly pod: Pick<PodArgs, "preparations" | "volumes"> & { readonly containers: readonly ContainerArgs[] };
  /** Annotations of its pod. A fingerprint of what it depends on belongs here: a change runs it again. */
  readonly podAnnotations: Record<string, pulumi.Input<string>>;
  /** What it may connect to: its part of the traffic plan. */
  readonly traffic: PodTraffic;
  /** How long it may take, other tries included. */
  readonly deadlineSeconds: number;
  /**
   * Exit code with which it says that another try is of no use.
   * @default none: what fails is tried twice more
   */
  readonly finalExitCode?: number;
}

/** What an `up` waits beyond the task's own deadline, until the cluster has said so. */
const saidSeconds = 300;

/**
 * A Job that an `up` waits for, with an account and a network policy of its own. It runs once for each change of what it is
 * made from, and again with the next `up` when it has failed. What depends on it stays as it was until it has succeeded; so
 * does what the `up` would delete.
 */
export function createTask(name: string, args: TaskArgs, parent: pulumi.Resource): kubernetes.batch.v1.Job {
  const { namespace, component, finalExitCode } = args;
  const place = placeOf(name, component, args, parent);
  const { metadata } = place;
  const account = createAccount(name, place);
  const traffic = createTrafficPolicy(name, args.traffic, place);
  const seconds = args.deadlineSeconds + saidSeconds;
  return new kubernetes.batch.v1.Job(
    `${name}-job`,
    {
      // One that has failed is made anew, or it would be waited for in vain ever after.
      metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: {
        backoffLimit: 2,
        activeDeadlineSeconds: args.deadlineSeconds,
        ...(finalExitCode !== undefined && { podFailurePolicy: failurePolicy(finalExitCode) }),
        template: {
          metadata: { labels: metadata.labels, annotations: args.podAnnotations },
          spec: restrictedPod({
            ...args.pod,
            serviceAccount: name,
            restartPolicy: "Never",
            ...(namespace.imagePullSecret && { imagePullSecret: namespace.imagePullSecret }),
          }),
        },
      },
    },
    {
      parent,
      dependsOn: [...namespace.guards, account, traffic],
      // A Job cannot be changed: another one takes its name, and runs to its end before what waits for it goes on.
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: true,
      customTimeouts: { create: `${seconds}s`, update: `${seconds}s` },
    },
  );
}

/** A node that is taken away is nobody's fault; what the task itself calls final is. */
function failurePolicy(finalExitCode: number) {
  return {
    rules: [
      { action: "FailJob", onExitCodes: { operator: "In", values: [finalExitCode] } },
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    ],
  };
}
