/** Steps from a resource's properties to one value in them: names of members and positions in lists. */
export type PropertyPath = readonly (string | number)[];

const segment = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g;

/**
 * Reads a property path as the engine writes it in its diffs: `tags[0]`, `spec.template`, `labels["app.io/name"]`.
 */
export function parsePropertyPath(text: string): PropertyPath {
  return [...text.matchAll(segment)].map(([, quoted, index, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? "") : quoted.replaceAll(/\\(.)/g, "$1");
  });
}

/** The value at a path; undefined where there is none. */
export function valueAt(properties: unknown, path: PropertyPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    properties,
  );
}
