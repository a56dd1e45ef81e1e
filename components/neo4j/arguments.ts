import { neo4j } from "../../catalog/engines.ts";
import { dropletSizes } from "../../catalog/sizes.ts";
import type { ArgumentChecks } from "../errors.ts";
import { nodeCapacity } from "../kubernetes-cluster/node-capacity.ts";
import { gib } from "../kubernetes-quantities.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import type { Resources } from "../workload/pod.ts";
import { checkFitsNode, checkResources } from "../workload/sizing.ts";

/** Of a Neo4j's arguments, what is decided by size and care. */
export interface Neo4jSizing {
  /**
   * `community` is free, and one server. `enterprise` is a cluster that survives the loss of a member, and needs
   * {@link licence}.
   *
   * Caution: the two keep their data differently, and each begins anew where the other was.
   */
  readonly edition: "community" | "enterprise";
  /**
   * What the operator confirms of Neo4j's licence, which the enterprise edition demands: `yes` that there is a commercial
   * one, `eval` that this is an evaluation (30 days) under its terms. It becomes the image's
   * `NEO4J_ACCEPT_LICENSE_AGREEMENT`.
   * @default nothing is confirmed: the enterprise edition is refused
   */
  readonly licence?: "yes" | "eval";
  /**
   * Servers of the cluster: an odd number from 3 for `enterprise`, 1 for `community`. More can be added; before there
   * are fewer, those that go must be deallocated (`DEALLOCATE DATABASES FROM SERVER`).
   * @default 3 for enterprise, 1 for community
   */
  readonly members?: number;
  /** Size of the nodes it runs on: from this follows how much memory it can have. @example "m-2vcpu-16gb" */
  readonly nodeSize: string;
  /**
   * What each server is promised and allowed. From its memory heap and page cache are computed as Neo4j recommends.
   * @default of memory, nine tenths of what such a node has for pods: a pool of its own
   * @example { cpu: "1", cpuLimit: "2", memory: "4Gi" }
   */
  readonly resources: Pick<Resources, "cpu" | "cpuLimit"> & Partial<Pick<Resources, "memory">>;
  /** Volume of each server; it can grow in place, and never shrink. */
  readonly diskGib: number;
  /**
   * How long a server may take to open its store, and to find the others, before it is started anew.
   * @default 1800
   */
  readonly startupSeconds?: number;
}

/** Arguments of a Neo4j. */
export interface Neo4jArgs extends Neo4jSizing {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * What its objects, volumes and hosts are called on the cluster. Kubernetes renames nothing: who gives the component another
   * name keeps the old one here, and as an alias.
   *
   * Caution: a change makes a new, empty one, and so does another name of the component without this.
   * @default the component's name
   * @example new Neo4j("whisper-staging-graph", { cloudName: "whisper-staging-neo4j", ... },
   *   { aliases: [{ name: "whisper-staging-neo4j" }] })
   */
  readonly cloudName?: string;
  /**
   * Where it goes.
   *
   * Caution: a change makes a new, empty one.
   */
  readonly namespace: NamespacePlacement;
  /** What it may connect to, and what to it: the traffic plan's for `neo4j`. */
  readonly traffic: PodTraffic;
  /**
   * Pool whose nodes it runs on.
   * @default any
   */
  readonly pool?: string;
  /**
   * Whether the engine refuses to delete its volumes.
   * @default true
   */
  readonly protect?: boolean;
}

/** How many servers there are. */
export function membersOf({ edition, members }: Pick<Neo4jSizing, "edition" | "members">): number {
  return members ?? (edition === "enterprise" ? 3 : 1);
}

/** What each server is promised and allowed. */
export function resourcesOf({ nodeSize, resources }: Pick<Neo4jSizing, "nodeSize" | "resources">): Resources {
  return { memory: `${nodeCapacity(nodeSize)?.memoryMib ?? 0}Mi`, ...resources };
}

/** Memory of each server, in MiB. */
export const memoryMibOf = (args: Neo4jSizing): number => gib(resourcesOf(args).memory) * 1024;

/** Finds what is wrong with the size of a Neo4j. */
export function checkNeo4j(checks: ArgumentChecks, args: Neo4jSizing): void {
  checks.oneOf("edition", args.edition, ["community", "enterprise"]);
  checks.range("diskGib", args.diskGib, 10, 16_384);
  checks.range("startupSeconds", args.startupSeconds, 60, 86_400);
  checkLicence(checks, args);
  checkMembers(checks, args);
  checkServer(checks, args);
}

function checkLicence(checks: ArgumentChecks, { edition, licence }: Neo4jSizing): void {
  checks.oneOf("licence", licence, ["yes", "eval"], 'Confirm with "yes" or "eval", or leave it out.');
  if (edition === "enterprise" && licence === undefined) {
    checks.add(
      "licence",
      "is not confirmed, and the enterprise edition may not be run without one (https://neo4j.com/terms/licensing)",
      'Set neo4jLicence in the environment\'s configuration to "yes" if you hold a commercial licence, to "eval" to evaluate for 30 days; or choose the edition community.',
    );
  }
}

function checkMembers(checks: ArgumentChecks, args: Neo4jSizing): void {
  if (args.edition === "community") {
    checks.check(
      "members",
      args.members,
      (count) => count === 1,
      (count) => `is ${count}, and the community edition knows no cluster`,
      "Leave it out, or choose the edition enterprise.",
    );
    return;
  }
  checks.check(
    "members",
    args.members,
    (count) => Number.isInteger(count) && count % 2 === 1 && count >= 3 && count <= neo4j.maximumMembers,
    (count) => `is ${count}, with which a cluster could not lose a member and still agree`,
    `Choose an odd number from 3 to ${neo4j.maximumMembers}: three survive the loss of one, five of two.`,
  );
}

function checkServer(checks: ArgumentChecks, args: Neo4jSizing): void {
  const known = nodeCapacity(args.nodeSize) !== undefined;
  checks.check(
    "nodeSize",
    args.nodeSize,
    () => known,
    (slug) => `is "${slug}", a size the catalogue does not have`,
    `Choose a slug of catalog/sizes.ts, such as ${dropletSizes.find(({ family }) => family === "memory-optimized")?.slug}.`,
  );
  if (!known) return;
  const resources = resourcesOf(args);
  checkResources(checks, "resources", resources);
  checkFitsNode(checks, "resources", resources, [args.nodeSize]);
  if (memoryMibOf(args) < neo4j.minimumMemoryMib) {
    checks.add(
      "resources.memory",
      `is ${resources.memory}, less than the ${neo4j.minimumMemoryMib}Mi that Neo4j needs`,
      "Choose larger nodes, or more memory.",
    );
  }
}
