import type { StoreDeclaration } from "../catalog/recovery.ts";

/** The facts of a declaration by their names. */
function factsOf({ store, backup, recovery, retention }: StoreDeclaration): [name: string, value: string][] {
  return [
    ["store", store],
    ["backup", backup],
    ["recovery-point", recovery.point],
    ["recovery-time", recovery.time],
    ...(retention === undefined ? [] : [["backup-retention", retention] satisfies [string, string]]),
  ];
}

/** The tags by which a store on DigitalOcean declares itself. */
export const storeTags = (declaration: StoreDeclaration): string[] =>
  factsOf(declaration).map(([name, value]) => `${name}:${value}`);

/** The labels by which a store on Kubernetes declares itself. */
export const storeLabels = (declaration: StoreDeclaration): Record<string, string> =>
  Object.fromEntries(factsOf(declaration).map(([name, value]) => [`whisper.platform/${name}`, value]));
