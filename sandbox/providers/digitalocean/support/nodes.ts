import {
  type CheckFailure,
  type PlainValue,
  type PropertyMap,
  type PropertyPath,
  unwrap,
} from "../../kit/index.ts";
import { boolean, type Field, type Fields, integer, map, object, set, string, tags } from "../dsl/fields.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { goTime } from "./time.ts";

/** A taint, as Kubernetes has it. */
const taint: Field = object({
  effect: string({ required: true, oneOf: ["NoSchedule", "PreferNoSchedule", "NoExecute"] }),
  key: string({ required: true }),
  value: string({ required: true }),
});

/** A node of a pool, as it is told. */
export const node: Field = object({
  createdAt: string(),
  dropletId: string(),
  id: string(),
  name: string(),
  status: string(),
  updatedAt: string(),
});

/** What a default pool and a pool of its own have in common. */
export const poolSettings: Fields = {
  autoScale: boolean({ default: false }),
  labels: map(string()),
  maxNodes: integer({ min: 0 }),
  minNodes: integer({ min: 0 }),
  // A pool that scales by itself has its own idea of the number.
  nodeCount: integer({ min: 0, wire: "count" }),
  size: string({ required: true, replaces: true, offer: "droplet sizes" }),
  tags: tags(),
  taints: set(taint),
};

/** Marks the pool that came with its cluster; the vendor's plugin finds it by this tag. */
export const DEFAULT_POOL_TAG = "terraform:default-node-pool";

/** The tags that a program gave, without those of DigitalOcean and of the plugin. */
export function ownTags(value: PlainValue | undefined): string[] {
  const all = Array.isArray(value) ? value.map(String) : [];
  return all.filter((tag) => tag !== "k8s" && !tag.startsWith("k8s:") && !tag.startsWith("terraform:"));
}

/** A pool's document as the fields want it. The count is an output of its own, and an input only when it was one. */
export function poolDocument(pool: PlainMap, saysCount: boolean): PlainMap {
  const { count, ...rest } = pool;
  const nodes = Array.isArray(pool.nodes) ? pool.nodes.filter(isPlainMap).map(nodeDocument) : [];
  return {
    ...rest,
    ...(saysCount ? { count: count ?? 0 } : {}),
    actual_node_count: count ?? nodes.length,
    labels: pool.labels ?? {},
    tags: ownTags(pool.tags),
    nodes,
  };
}

function nodeDocument(found: PlainMap): PlainMap {
  const status = found.status;
  return {
    ...found,
    status: isPlainMap(status) ? (status.state ?? "") : (status ?? ""),
    created_at: goTime(found.created_at),
    updated_at: goTime(found.updated_at),
  };
}

/** What waits for nodes: undefined when as many as asked for are running. */
export function missingNodes(pool: PlainMap): string | undefined {
  const nodes = Array.isArray(pool.nodes) ? pool.nodes.filter(isPlainMap) : [];
  const running = nodes.filter((found) => found.status === "running").length;
  const wanted = Number(pool.actual_node_count ?? 0);
  return running >= wanted && nodes.length === wanted ? undefined : `${running} of ${wanted} nodes running`;
}

/** The body of a request about a pool: what the program does not say goes back to nothing. */
export function poolBody(wire: PlainMap, extraTags: readonly string[]): PlainMap {
  return {
    labels: {},
    taints: [],
    ...wire,
    tags: [...(Array.isArray(wire.tags) ? wire.tags : []), ...extraTags],
  };
}

/** The body of a change of a pool: its size is fixed at its birth, and the API refuses to be told it again. */
export function poolChange(wire: PlainMap, extraTags: readonly string[]): PlainMap {
  const { size: _size, ...changeable } = poolBody(wire, extraTags);
  return changeable;
}

/** A pool that scales needs bounds in order; one that does not, a count. */
export function poolRules(path: PropertyPath, checked: PropertyMap): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const number = (property: string) => {
    const value = unwrap(checked[property]);
    return typeof value === "number" ? value : undefined;
  };
  const scales = unwrap(checked.autoScale);
  if (scales === false && checked.nodeCount === undefined) {
    failures.push({ path: [...path, "nodeCount"], reason: "is required, unless autoScale is true" });
  }
  if (scales === true) {
    for (const property of ["minNodes", "maxNodes"]) {
      if (checked[property] === undefined) {
        failures.push({ path: [...path, property], reason: "is required when autoScale is true" });
      }
    }
  }
  const [min, max, count] = [number("minNodes"), number("maxNodes"), number("nodeCount")];
  if (scales === true && min !== undefined && max !== undefined && min > max) {
    failures.push({ path: [...path, "minNodes"], reason: `${min} is more than maxNodes, ${max}` });
  }
  if (scales === false && count === 0) {
    failures.push({ path: [...path, "nodeCount"], reason: "must be at least 1, unless autoScale is true" });
  }
  return failures;
}
