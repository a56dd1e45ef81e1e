import { formatPath, type PropertyPath } from "./path.ts";
import type { ChangeKind, DiffResult } from "./provider.ts";
import { isPropertyMap, type PropertyMap, type PropertyValue, Unknown, unwrap } from "./values.ts";

/** One property that differs. The path is the deepest at which the difference can be told. */
export interface PropertyChange {
  readonly path: PropertyPath;
  readonly kind: ChangeKind;
}

/** How properties are compared. */
export interface DiffOptions {
  /** Whether the list at this path is a set, in which order means nothing. Default: no list is. */
  readonly unordered?: (path: PropertyPath) => boolean;
}

/** What a list of changes means for the resource. */
export interface ChangeOptions {
  /** Whether a change at this path can only be had with a new resource. */
  readonly replaces: (path: PropertyPath) => boolean;
  /** Whether a replacement deletes first, because both cannot exist at once (the same name, say). Default: false. */
  readonly deleteBeforeReplace?: boolean;
  /** Outputs that stay as they are in an update, so that what depends on them is known in a preview. Default: none. */
  readonly stables?: readonly string[];
}

/**
 * What differs between two sets of properties, at any depth. A null property is an absent one. Secrecy is not a
 * difference: only the values under the wrappers count. An unknown new value differs from whatever was there.
 */
export function diffProperties(
  olds: PropertyMap,
  news: PropertyMap,
  options: DiffOptions = {},
): PropertyChange[] {
  return diffMaps([], olds, news, options);
}

/** The engine's answer for a list of changes: replacements told apart from updates, each property with its kind. */
export function toDiffResult(changes: readonly PropertyChange[], options: ChangeOptions): DiffResult {
  const detailed = changes.map((change) => ({ ...change, replace: options.replaces(change.path) }));
  return {
    changed: detailed.length > 0,
    properties: detailed,
    deleteBeforeReplace: options.deleteBeforeReplace ?? false,
    stables: options.stables ?? [],
  };
}

function diffMaps(
  path: PropertyPath,
  olds: PropertyMap,
  news: PropertyMap,
  options: DiffOptions,
): PropertyChange[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return names.flatMap((name) =>
    diffValues([...path, name], present(olds[name]), present(news[name]), options),
  );
}

/** A null property is an absent one. A null inside a list is not: it has a place. */
function present(value: PropertyValue | undefined): PropertyValue | undefined {
  return unwrap(value) === null ? undefined : value;
}

function diffValues(
  path: PropertyPath,
  oldWrapped: PropertyValue | undefined,
  newWrapped: PropertyValue | undefined,
  options: DiffOptions,
): PropertyChange[] {
  const oldValue = unwrap(oldWrapped);
  const newValue = unwrap(newWrapped);
  if (oldValue === undefined && newValue === undefined) return [];
  if (oldValue === undefined) return [{ path, kind: "add" }];
  if (newValue === undefined) return [{ path, kind: "delete" }];
  if (newValue instanceof Unknown || oldValue instanceof Unknown) return [{ path, kind: "update" }];
  if (isPropertyMap(oldValue) && isPropertyMap(newValue)) return diffMaps(path, oldValue, newValue, options);
  if (Array.isArray(oldValue) && Array.isArray(newValue)) {
    return options.unordered?.(path)
      ? diffSets(path, oldValue, newValue, options)
      : diffLists(path, oldValue, newValue, options);
  }
  return oldValue === newValue ? [] : [{ path, kind: "update" }];
}

function diffLists(
  path: PropertyPath,
  olds: PropertyValue[],
  news: PropertyValue[],
  options: DiffOptions,
): PropertyChange[] {
  const length = Math.max(olds.length, news.length);
  return Array.from({ length }, (_, index) => index).flatMap((index) =>
    diffValues([...path, index], olds[index], news[index], options),
  );
}

/** Members that both have are taken away first; what is left is compared place by place. */
function diffSets(
  path: PropertyPath,
  olds: PropertyValue[],
  news: PropertyValue[],
  options: DiffOptions,
): PropertyChange[] {
  const oldsLeft = olds.map((value, index) => ({ value, index }));
  const newsLeft = news
    .map((value, index) => ({ value, index }))
    .filter((candidate) => {
      const twin = oldsLeft.findIndex(
        (old) => diffValues(path, old.value, candidate.value, options).length === 0,
      );
      if (twin >= 0) oldsLeft.splice(twin, 1);
      return twin < 0;
    });
  const length = Math.max(oldsLeft.length, newsLeft.length);
  return Array.from({ length }, (_, place) => ({ old: oldsLeft[place], new: newsLeft[place] })).flatMap(
    (pair) => {
      if (pair.new === undefined) return [{ path: [...path, pair.old?.index ?? 0], kind: "delete" as const }];
      if (pair.old === undefined) return [{ path: [...path, pair.new.index], kind: "add" as const }];
      return diffValues([...path, pair.new.index], pair.old.value, pair.new.value, options);
    },
  );
}

/** The paths of the changes as text, for messages. */
export function formatChanges(changes: readonly PropertyChange[]): string[] {
  return changes.map((change) => formatPath(change.path));
}
