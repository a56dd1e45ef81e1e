import type { Posture } from "./posture.ts";

/** Size of the nodes that Neo4j runs on; empty where its pool is not there, which the judgement tells. */
export function neo4jNodeSize({ cluster, neo4j }: Pick<Posture, "cluster" | "neo4j">): string {
  return cluster.pools[neo4j.pool]?.size ?? "";
}
