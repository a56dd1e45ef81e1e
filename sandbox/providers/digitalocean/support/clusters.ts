import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { DEFAULT_POOL_TAG, ownTags, poolDocument } from "./nodes.ts";
import { goTime } from "./time.ts";

/** Lists of at most one, where the API has an object. */
const SINGLES = [
  ["cluster_autoscaler_configurations", "cluster_autoscaler_configuration"],
  ["ssos", "sso"],
] as const;

/** A body in which what the plugin has lists of is what the API has. */
export function unlisted(wire: PlainMap): PlainMap {
  const body = { ...wire };
  for (const [many, one] of SINGLES) {
    const entries = body[many];
    delete body[many];
    if (Array.isArray(entries) && entries[0] !== undefined) body[one] = entries[0];
  }
  return body;
}

function listed(found: PlainMap): PlainMap {
  const document = { ...found };
  for (const [many, one] of SINGLES) {
    const entry = found[one];
    document[many] = isPlainMap(entry) && Object.keys(entry).length > 0 ? [entry] : [];
  }
  return document;
}

/** What the program says of the pool that comes with its cluster. */
export const defaultPool = (news: PlainMap): PlainMap => (isPlainMap(news.nodePool) ? news.nodePool : {});

/** A cluster's document as the fields want it: with its default pool, without the tags of others. */
export function clusterDocument(found: PlainMap, known: PlainMap): PlainMap {
  const pools = Array.isArray(found.node_pools) ? found.node_pools.filter(isPlainMap) : [];
  const pool =
    pools.find(({ tags: labels }) => Array.isArray(labels) && labels.includes(DEFAULT_POOL_TAG)) ?? pools[0];
  const status = found.status;
  return {
    ...listed(found),
    ...(pool === undefined
      ? {}
      : { node_pool: poolDocument(pool, defaultPool(known).nodeCount !== undefined) }),
    tags: ownTags(found.tags),
    status: isPlainMap(status) ? (status.state ?? "") : "",
    created_at: goTime(found.created_at),
    updated_at: goTime(found.updated_at),
    ipv4_address: found.ipv4 ?? "",
    urn: `do:kubernetes:${String(found.id)}`,
  };
}
