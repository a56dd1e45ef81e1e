import type { Store } from "../store/store.ts";
import { families } from "./families/index.ts";
import type { CloudResource } from "./family.ts";

/** One thing in the inventory. */
export interface InventoryEntry {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** What exists in the cloud, by kind. */
export type Inventory = Record<string, InventoryEntry[]>;

/**
 * What somebody made and has not deleted, by kind, each kind sorted by name; `{}` when there is nothing.
 * What is always there (default VPCs and the like) is left out.
 */
export function inventory(store: Store): Inventory {
  const made = allResources(store).filter((resource) => resource.permanent !== true);
  const kinds = [...new Set(made.map((resource) => resource.kind))].sort();
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      made
        .filter((resource) => resource.kind === kind)
        .map(({ id, name, createdAt }) => ({ id, name, createdAt }))
        .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    ]),
  );
}

/** Everything that exists, of every family. */
export function allResources(store: Store): CloudResource[] {
  return families.flatMap((family) => family.resources?.(store) ?? []);
}
