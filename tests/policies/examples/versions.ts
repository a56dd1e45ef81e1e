import type { Breach, Sound } from "./breach.ts";

/** Breaches of the rules in `policies/versions/`: the baseline's claim is in an API that later clusters do not serve. */
export const versionsBreaches: readonly Breach[] = [
  ["refuse-deprecated-apis", "cluster", "version", "1.35.2-do.0"],
  ["refuse-deprecated-apis", "cluster", "version", "1.36.0-do.1"],
  ["refuse-removed-apis", "cluster", "version", "1.38.1-do.0"],
  ["refuse-removed-apis", "cluster", "version", "1.40"],
];

/** What those rules may not mind. */
export const versionsSound: readonly Sound[] = [
  ["refuse-deprecated-apis", "cluster", "version", "1.34.9-do.3"],
  ["refuse-deprecated-apis", "cluster", "version", "1.38.0-do.0"],
  ["refuse-removed-apis", "cluster", "version", "1.37.9-do.0"],
];
