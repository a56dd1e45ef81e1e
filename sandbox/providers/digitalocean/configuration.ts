import type { CheckResult, PropertyMap } from "../kit/index.ts";
import { checkInputs } from "./dsl/check.ts";
import { type Fields, integer, number, string } from "./dsl/fields.ts";

/** What the provider itself can be told, as in the vendor's schema. */
export const configFields = {
  apiEndpoint: string({ pattern: [/^https?:\/\//, "must be an http(s) address"] }),
  httpRetryMax: integer({ min: 0 }),
  httpRetryWaitMax: number({ min: 0 }),
  httpRetryWaitMin: number({ min: 0 }),
  requestsPerSecond: number({ min: 0 }),
  spacesAccessId: string(),
  spacesEndpoint: string(),
  spacesSecretKey: string(),
  token: string(),
} as const satisfies Fields;

/** What the engine keeps for itself beside a provider's configuration. */
const ENGINE_KEYS = new Set([
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
  "__internal",
]);

/** Judges a provider's configuration. Its inputs go on as they came: the engine compares them with the next ones. */
export function checkResultOf(inputs: PropertyMap): CheckResult {
  const own = Object.fromEntries(Object.entries(inputs).filter(([name]) => !ENGINE_KEYS.has(name)));
  return { inputs, failures: checkInputs("the digitalocean provider", configFields, own).failures };
}
