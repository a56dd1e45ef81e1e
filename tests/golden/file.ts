import { fileURLToPath } from "node:url";
import type { DesiredResource } from "./desired-state.ts";

/** Where an environment's desired state is committed. */
export const goldenFile = (environment: string): string =>
  fileURLToPath(new URL(`./${environment}.json`, import.meta.url));

/** The text of that file. */
export const goldenText = (resources: readonly DesiredResource[]): string =>
  `${JSON.stringify(resources, undefined, 2)}\n`;
