import type { ArgumentChecks } from "../components/errors.ts";
import { nodeCapacity } from "../components/kubernetes-cluster/node-capacity.ts";
import { carriesAnything } from "../components/kubernetes-cluster/node-pools.ts";
import { gib, quantity } from "../components/kubernetes-quantities.ts";
import { membersOf } from "../components/neo4j/arguments.ts";
import type { Resources } from "../components/workload/pod.ts";
import { checkFitsNode } from "../components/workload/sizing.ts";
import type { Posture } from "./posture.ts";
import { podsOf } from "./quotas.ts";

/** Finds what of a pod's container no node has that it may run on: it would wait for ever. */
export function checkFits(
  checks: ArgumentChecks,
  path: string,
  { resources, pool }: { readonly resources: Resources; readonly pool?: string },
  { pools }: Posture["cluster"],
): void {
  const mayRunOn = Object.entries(pools).filter(([name, each]) =>
    pool === undefined ? carriesAnything(each) : name === pool,
  );
  checkFitsNode(
    checks,
    path,
    resources,
    mayRunOn.map(([, { size }]) => size),
  );
}

/** Finds pools of fewer nodes, at their most, than what names them asks for: the last pods would wait for ever. */
export function checkPoolsCarry(checks: ArgumentChecks, posture: Posture): void {
  const pods = Object.values(podsOf(posture)).flat();
  for (const [name, { size, maximumNodes }] of Object.entries(posture.cluster.pools)) {
    const node = nodeCapacity(size);
    if (node === undefined) continue;
    const named = pods.filter(({ pool }) => pool === name);
    const sum = (read: (resources: Resources) => number) =>
      named.reduce(
        (all, { count, resources }) => all + count * resources.reduce((pod, each) => pod + read(each), 0),
        0,
      );
    const cpu = sum((resources) => quantity(resources.cpu) ?? 0);
    const memoryMib = sum(({ memory }) => (gib(memory) || 0) * 1024);
    const needed = Math.ceil(Math.max(cpu / node.cpu, memoryMib / node.memoryMib));
    checks.check(
      `pools.${name}.maximumNodes`,
      maximumNodes,
      (most) => most >= needed,
      (most) =>
        `is ${most}, and all that may run there while it rolls asks for ${rounded(cpu)} processors and ${rounded(memoryMib / 1024)}Gi, which is ${needed} nodes of the size ${size}`,
      `Allow ${needed} nodes, take larger ones, or let less of it name the pool.`,
    );
  }
}

/** Finds a Neo4j cluster whose members, which share no node, outnumber the nodes. */
export function checkMembersApart(checks: ArgumentChecks, { cluster, neo4j }: Posture): void {
  const nodes = cluster.pools[neo4j.pool]?.maximumNodes;
  if (nodes === undefined) return;
  checks.check(
    "members",
    membersOf(neo4j),
    (members) => members <= nodes,
    (members) => `is ${members}, each on a node of its own, and the pool ${neo4j.pool} has at most ${nodes}`,
    `Allow the pool as many nodes as there are members, and one more for a member whose node is lost.`,
  );
}

/** Finds a store without a pool of its own whose members, which share no node, outnumber the nodes that take any pod. */
export function checkNodesApart(
  checks: ArgumentChecks,
  members: number,
  { pools }: Posture["cluster"],
): void {
  const nodes = Object.values(pools)
    .filter((pool) => carriesAnything(pool))
    .reduce((sum, { minimumNodes }) => sum + minimumNodes, 0);
  checks.check(
    "members",
    members,
    (count) => count <= nodes,
    (count) => `is ${count}, each on a node of its own, and there are ${nodes} that take any pod`,
    "Let a pool that is not dedicated have as many nodes at least, or choose fewer.",
  );
}

const rounded = (number: number) => Math.ceil(number * 100) / 100;
