import type { compliant } from "../compliant.ts";
import type { Judged } from "../harness.ts";

/** One way to break the baseline: the rule that must notice, the resource, the property and its new value. */
export type Breach = readonly [
  rule: string,
  subject: keyof typeof compliant,
  path: PropertyPath,
  value: unknown,
];

/** One way to differ from the baseline that is as right: the rule that may not mind, and what is changed. */
export type Sound = Breach;

/** Names with dots between them, or as a list where a name has dots of its own. */
export type PropertyPath = string | readonly string[];

/** Where the Deployment of the baseline, and its DaemonSet, have their pod. */
export const pod = "spec.template.spec";
/** Its first container. */
export const container = `${pod}.containers.0`;

/** Changes one property of a resource; `undefined` takes it away. */
export function withValue(resource: Judged, path: PropertyPath, value: unknown): Judged {
  const keys = typeof path === "string" ? path.split(".") : [...path];
  const last = keys.pop() ?? "";
  let place: unknown = resource.props;
  for (const key of keys) place = (place as Record<string, unknown>)[key];
  if (value === undefined) delete (place as Record<string, unknown>)[last];
  else (place as Record<string, unknown>)[last] = value;
  return resource;
}
