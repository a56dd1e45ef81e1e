import { type DatabaseEngine, databaseEngines } from "../../../../catalog/engines.ts";
import { regions } from "../../../../catalog/regions.ts";
import { type DatabaseSize, databaseSizes } from "../../../../catalog/sizes.ts";
import type { Cloud } from "../../context.ts";
import { regionProblem } from "../regions.ts";
import type { ClusterShape, EngineSlug } from "./model.ts";

const mibPerGib = 1024;

/** Engines that were there once, or that the sandbox does not have, and what to do. */
const refusedEngines: Readonly<Record<string, string>> = {
  redis: "redis was discontinued on 2025-06-30; use valkey",
};

export function findEngine(slug: string): DatabaseEngine | undefined {
  return databaseEngines.find((engine) => engine.slug === slug);
}

export function findDatabaseSize(slug: string): DatabaseSize | undefined {
  return databaseSizes.find((size) => size.slug === slug);
}

/** The versions that clusters may have: of the service's those that can run here, or all where none is run at all. */
export function offeredVersions(cloud: Cloud, slug: EngineSlug): readonly string[] {
  const known = findEngine(slug)?.versions ?? [];
  const offer = cloud.stores.offer(slug);
  return "versions" in offer ? known.filter((version) => offer.versions.includes(version)) : known;
}

/** What is wrong with an engine and its version. */
export function engineProblem(cloud: Cloud, slug: string, version: string | undefined): string | undefined {
  const engine = findEngine(slug);
  const offered = databaseEngines.map((each) => each.slug).join(", ");
  if (engine === undefined) return `engine: ${refusedEngines[slug] ?? `${slug} is none of ${offered}`}`;
  const versions = offeredVersions(cloud, engine.slug);
  if (version === undefined || versions.includes(version)) return undefined;
  return `version: ${slug} is offered in ${versions.join(", ")}, not in ${version}`;
}

/** What is wrong with running databases there. */
export function databaseRegionProblem(slug: string): string | undefined {
  const known = regions.find((region) => region.slug === slug);
  return known?.databases === false && known.available
    ? `region: ${slug} has no managed databases`
    : regionProblem(slug);
}

/** Everything that is wrong with a cluster of this size, node count and disk. */
export function shapeProblems(
  engine: EngineSlug,
  shape: Pick<ClusterShape, "size" | "numNodes" | "storageSizeMib">,
): (string | undefined)[] {
  const size = findDatabaseSize(shape.size);
  if (size === undefined) return [`size: ${shape.size} is not a size of database clusters`];
  const most = Math.max(...size.nodeCounts);
  return [
    size.engines.includes(engine) ? undefined : `size: ${shape.size} is not offered for ${engine}`,
    size.nodeCounts.includes(shape.numNodes)
      ? undefined
      : `num_nodes: a cluster of size ${size.slug} has 1 to ${most} nodes, not ${shape.numNodes}`,
    storageProblem(size, shape.storageSizeMib),
  ];
}

/** The disk that comes with a size. */
export function includedStorageMib(slug: string): number {
  return (findDatabaseSize(slug)?.diskGib ?? 0) * mibPerGib;
}

/** What stands in the way of going from one size and disk to another: clusters only grow. */
export function shrinkProblems(
  before: Pick<ClusterShape, "size" | "storageSizeMib">,
  after: Pick<ClusterShape, "size" | "storageSizeMib">,
): (string | undefined)[] {
  const [from, to] = [findDatabaseSize(before.size), findDatabaseSize(after.size)];
  const shrinks =
    from !== undefined && to !== undefined && (to.memoryMib < from.memoryMib || to.vcpus < from.vcpus);
  return [
    shrinks ? `size: a cluster cannot be made smaller (${before.size} to ${after.size})` : undefined,
    after.storageSizeMib < before.storageSizeMib
      ? `storage_size_mib: a cluster's disk cannot be made smaller (${before.storageSizeMib} to ${after.storageSizeMib})`
      : undefined,
  ];
}

function storageProblem(size: DatabaseSize, storageMib: number): string | undefined {
  const [least, most] = [size.diskGib * mibPerGib, size.maximumDiskGib * mibPerGib];
  return storageMib >= least && storageMib <= most
    ? undefined
    : `storage_size_mib: a cluster of size ${size.slug} has ${least} to ${most} MiB, not ${storageMib}`;
}
