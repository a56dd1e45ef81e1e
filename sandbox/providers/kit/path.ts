/** Where a property is inside a resource: names of properties and indexes of lists, outermost first. */
export type PropertyPath = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * The path as the engine writes and parses it: `a.b[0]["x.y"]`. Names that are not identifiers are quoted,
 * with backslashes before quotes.
 */
export function formatPath(path: PropertyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (PLAIN_NAME.test(step)) return text === "" ? step : `${text}.${step}`;
    return `${text}["${step.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
  }, "");
}

/** The steps of a path as programs write it: `spec.replicas`, `metadata.annotations["a/b"]`, `spec.ports[0]`, `x[*]`. */
export function parseIgnorePath(path: string): string[] {
  const steps = path.matchAll(/\[(?:"((?:[^"\\]|\\.)*)"|(\d+|\*))\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, name]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "");
}

/** Whether a path is the one of {@link parseIgnorePath}, or leads into what is there. */
export function isUnder(path: PropertyPath, ancestor: readonly string[]): boolean {
  return ancestor.every((step, place) => step === "*" || step === String(path[place]));
}
