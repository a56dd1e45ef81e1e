import { databaseSizes } from "../../catalog/sizes.ts";

/** Whether the second of two values is less than the first; of what is not known yet, it is not. */
type Falls = (before: string, after: string) => boolean;

const falls: Falls = (before, after) => Number(after) < Number(before);

/** DigitalOcean resizes no node of a database to a smaller one, "due to the risk of data loss". */
const smallerSize: Falls = (before, after) => {
  const [from, to] = [before, after].map((size) => databaseSizes.find(({ slug }) => slug === size));
  return from !== undefined && to !== undefined && (to.memoryMib < from.memoryMib || to.vcpus < from.vcpus);
};

/** Properties of stores that only grow, by type and path. */
const onlyGrow: Readonly<Record<string, Readonly<Record<string, Falls>>>> = {
  "digitalocean:index/databaseCluster:DatabaseCluster": {
    version: falls,
    size: smallerSize,
    storageSizeMib: falls,
  },
  "digitalocean:index/databaseReplica:DatabaseReplica": { size: smallerSize, storageSizeMib: falls },
  "digitalocean:index/volume:Volume": { size: falls },
};

/** Whether a change of a property makes less of a store, which the service refuses once the change has begun. */
export function makesLess(type: string, path: string, before: unknown, after: unknown): boolean {
  return onlyGrow[type]?.[path]?.(String(before), String(after)) ?? false;
}
