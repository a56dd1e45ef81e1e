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
