import { z } from "zod";
import { type Answer, type Check, judged } from "../check.ts";
import type { ClusterApi } from "../cluster.ts";

const count = z.number().optional().default(0);
const metadata = z.object({ name: z.string(), namespace: z.string().optional().default("") });

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata,
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string() }))
          .optional()
          .default([]),
      }),
    }),
  ),
});

/** Whether the cluster's nodes are ready, and none runs short. */
export const nodesCheck = (cluster: ClusterApi): Check => ({
  subject: "cluster",
  name: "nodes",
  asked: "what each node says of itself",
  remedy: "docs/runbooks/NodeNotReady.md or NodeUnderPressure.md",
  ask: async (signal) => {
    const { items } = await cluster.read("/api/v1/nodes", nodesSchema, signal);
    return judgeNodes(items);
  },
});

/** How a cluster's nodes are that say this of themselves. */
export function judgeNodes(nodes: z.infer<typeof nodesSchema>["items"]): Answer {
  const states = nodes.map(({ metadata: { name }, status: { conditions } }) => ({
    name,
    ready: conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    pressures: conditions.filter(({ type, status }) => type.endsWith("Pressure") && status === "True"),
  }));
  const ready = states.filter((state) => state.ready);
  return judged(
    [
      {
        verdict: ready.length === 0 ? "critical" : "healthy",
        text: `${ready.length} of ${states.length} are ready`,
      },
      ...states
        .filter((state) => !state.ready)
        .map(({ name }) => ({ verdict: "warning" as const, text: `${name} is not` })),
      ...states.flatMap(({ name, pressures }) =>
        pressures.map(({ type }) => ({ verdict: "warning" as const, text: `${name} says ${type}` })),
      ),
    ],
    { nodes: states.length, readyNodes: ready.length },
  );
}

const workloadsSchema = z.object({
  items: z.array(
    z.object({
      metadata,
      spec: z.object({ replicas: z.number().optional() }),
      status: z.object({
        readyReplicas: count,
        desiredNumberScheduled: count,
        numberReady: count,
      }),
    }),
  ),
});

/** How many of a workload's pods are ready, of those that there should be. */
export interface WorkloadState {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly wanted: number;
  readonly ready: number;
}

/**
 * Whether everything that should run in the cluster is ready.
 *
 * @param readyMeans What is behind the word "ready", where that is not a health check that was passed.
 */
export const workloadsCheck = (cluster: ClusterApi, readyMeans?: string): Check => ({
  subject: "cluster",
  name: "workloads",
  asked: "how many pods of each Deployment, StatefulSet and DaemonSet are ready",
  remedy: "docs/runbooks/WorkloadUnavailable.md, WorkloadDegraded.md or PodCrashLooping.md",
  ask: async (signal) => {
    const kinds = ["Deployment", "StatefulSet", "DaemonSet"];
    const found = await Promise.all(
      kinds.map(async (kind) => {
        const { items } = await cluster.read(`/apis/apps/v1/${kind.toLowerCase()}s`, workloadsSchema, signal);
        return items.map(({ metadata: { name, namespace }, spec, status }) => ({
          kind,
          namespace,
          name,
          wanted: kind === "DaemonSet" ? status.desiredNumberScheduled : (spec.replicas ?? 1),
          ready: kind === "DaemonSet" ? status.numberReady : status.readyReplicas,
        }));
      }),
    );
    const answer = judgeWorkloads(found.flat());
    return readyMeans === undefined ? answer : { ...answer, answer: `${answer.answer} (${readyMeans})` };
  },
});

/** How a cluster's workloads are: one without a single pod is critical, one that lacks some is not well. */
export function judgeWorkloads(workloads: readonly WorkloadState[]): Answer {
  const lacking = workloads.filter(({ wanted, ready }) => ready < wanted);
  return judged(
    [
      {
        verdict: "healthy",
        text: `${workloads.length - lacking.length} of ${workloads.length} are complete`,
      },
      ...lacking.map(({ kind, namespace, name, wanted, ready }) => ({
        verdict: ready === 0 ? ("critical" as const) : ("warning" as const),
        text: `${kind} ${namespace}/${name} has ${ready} of ${wanted} pods`,
      })),
    ],
    { workloads: workloads.length, incompleteWorkloads: lacking.length },
  );
}
