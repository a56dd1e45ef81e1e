import { randomUUID } from "node:crypto";
import { z } from "zod";
import { kubernetesLimits } from "../../../../catalog/kubernetes.ts";
import { optional, tagList, tagName } from "../../fields.ts";
import { findSize, sizeProblem } from "../sizes.ts";
import type { NodePoolDocument } from "./model.ts";

/** The smallest nodes there are. */
export const minimumMemoryMib = 2048;

const labelValue = z
  .string()
  .regex(/^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/, "is not a label's value");
const labelKey = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    "is not a label's key",
  );
const labels = z.record(labelKey, labelValue);
const taints = z.array(
  z.strictObject({
    key: labelKey,
    value: labelValue.default(""),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
  }),
);
const nodeCount = z.number().int().min(0).max(kubernetesLimits.maximumNodesPerPool);

export const poolName = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "may hold lower-case letters, digits and hyphens, none at its ends",
  );

/** A pool as clients ask for it. Go clients send zero for the counts they leave out. */
export const createPoolBody = z.strictObject({
  name: poolName,
  size: z.string(),
  count: optional(nodeCount),
  tags: tagList,
  labels: optional(labels),
  taints: optional(taints),
  auto_scale: optional(z.boolean()),
  min_nodes: optional(nodeCount),
  max_nodes: optional(nodeCount),
});

/** A change of a pool: what is not named stays. */
export const updatePoolBody = z.strictObject({
  name: optional(poolName),
  count: optional(nodeCount),
  tags: optional(z.array(tagName)),
  labels: optional(labels),
  taints: optional(taints),
  auto_scale: optional(z.boolean()),
  min_nodes: optional(nodeCount),
  max_nodes: optional(nodeCount),
});

/** A new pool, without nodes yet. */
export function newPool(body: z.output<typeof createPoolBody>): NodePoolDocument {
  const autoScale = body.auto_scale ?? false;
  const minNodes = autoScale ? (body.min_nodes ?? 0) : 0;
  const maxNodes = autoScale ? (body.max_nodes ?? 0) : 0;
  const count = body.count || minNodes;
  return {
    id: randomUUID(),
    name: body.name,
    size: body.size,
    count: autoScale ? clamp(count, minNodes, maxNodes) : count,
    tags: body.tags,
    labels: body.labels ?? {},
    taints: body.taints ?? [],
    autoScale,
    minNodes,
    maxNodes,
    nodes: [],
  };
}

/** The pool after the change. */
export function changedPool(pool: NodePoolDocument, body: z.output<typeof updatePoolBody>): NodePoolDocument {
  const autoScale = body.auto_scale ?? pool.autoScale;
  const minNodes = autoScale ? (body.min_nodes ?? pool.minNodes) : 0;
  const maxNodes = autoScale ? (body.max_nodes ?? pool.maxNodes) : 0;
  const count = body.count ?? pool.count;
  return {
    ...pool,
    name: body.name ?? pool.name,
    count: autoScale ? clamp(count, minNodes, maxNodes) : count,
    tags: body.tags === undefined ? pool.tags : withoutSystemTags(body.tags),
    labels: body.labels ?? pool.labels,
    taints: body.taints ?? pool.taints,
    autoScale,
    minNodes,
    maxNodes,
  };
}

/** The tags that were asked for among tags as they are shown. */
export function withoutSystemTags(tags: readonly string[]): string[] {
  return [...new Set(tags)].filter((tag) => tag !== "k8s" && !tag.startsWith("k8s:"));
}

/**
 * Everything that is wrong with a pool in this company.
 * @param field What stands before the fields in messages.
 */
export function poolProblems(
  pool: NodePoolDocument,
  others: readonly NodePoolDocument[],
  region: string,
  field = "",
): (string | undefined)[] {
  const memoryMib = findSize(pool.size)?.memoryMib ?? minimumMemoryMib;
  const unsized = sizeProblem(pool.size, region);
  return [
    others.some(({ id, name }) => id !== pool.id && name === pool.name)
      ? `${field}name: the cluster has a node pool named ${pool.name} already`
      : undefined,
    unsized === undefined ? undefined : `${field}${unsized}`,
    memoryMib < minimumMemoryMib
      ? `${field}size: nodes need ${minimumMemoryMib} MiB of memory, and ${pool.size} has ${memoryMib}`
      : undefined,
    !pool.autoScale && pool.count < 1
      ? `${field}count: a pool without autoscaling has at least 1 node`
      : undefined,
    pool.autoScale && pool.minNodes < 1
      ? `${field}min_nodes: a pool with autoscaling has at least 1 node`
      : undefined,
    pool.autoScale && pool.maxNodes < pool.minNodes
      ? `${field}max_nodes: must not be below min_nodes (${pool.maxNodes} below ${pool.minNodes})`
      : undefined,
  ];
}

function clamp(count: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(count, maximum));
}
