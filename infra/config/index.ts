import type { z } from "zod";
import { decommissionLines } from "./decommission.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Fault } from "./faults.ts";
import { guidanceAt, knownKeysAt } from "./guidance.ts";
import { type EnvironmentSettings, environmentSchema } from "./schema.ts";
import { type SecretKey, secretSchemas } from "./sections/secrets.ts";

export { decommissionLines } from "./decommission.ts";
export { describeFaults, type Fault } from "./faults.ts";
export type { EnvironmentSettings } from "./schema.ts";
export type { SecretKey } from "./sections/secrets.ts";

/** Namespace of the configuration keys: the project's name in Pulumi.yaml. */
export const configNamespace = "whisper-platform";

/** The environments there are; each has a file `Pulumi.<environment>.yaml` and a posture in stacks/. */
export const environments = ["staging", "production"] as const;

/** Name of an environment. */
export type Environment = (typeof environments)[number];

/** A value that was set with `pulumi config set --secret`, in the shape in which Pulumi's files hold it. */
export interface SecretValue {
  /** Ciphertext as the file holds it, or plain text once the engine has decrypted it. */
  readonly secure: string;
}

/** The sound configuration of one environment. */
export interface EnvironmentConfig extends EnvironmentSettings {
  readonly environment: Environment;
  /** The optional secrets that were set. */
  readonly secrets: { readonly [Key in SecretKey]?: SecretValue };
}

/** How the values given to {@link parseEnvironmentConfig} hold their secrets. */
interface ParseOptions {
  /**
   * Whether `secure` holds ciphertext, of which only the presence can be judged, or plain text.
   * @default "encrypted", as in a file
   */
  readonly secrets?: "encrypted" | "decrypted";
}

/**
 * Judges the configuration of one environment.
 * @param environment name of the environment, which is the name of its stack
 * @param values the keys of `whisper-platform:` without that namespace; secrets as {@link SecretValue}
 * @returns the configuration, or every fault of it at once
 */
export function parseEnvironmentConfig(
  environment: string,
  values: Record<string, unknown>,
  options: ParseOptions = {},
): { config: EnvironmentConfig } | { faults: Fault[] } {
  const known = environments.find((candidate) => candidate === environment);
  const settings = settingsOf(values);
  const parsed = environmentSchema.safeParse(settings);
  const { secrets, faults: secretFaults } = judgeSecrets(environment, values, options.secrets ?? "encrypted");
  const faults = [
    ...(known ? [] : [unknownEnvironment(environment)]),
    ...(parsed.success
      ? []
      : parsed.error.issues.flatMap((issue) => faultsOfIssue(issue, settings, environment))),
    ...secretFaults,
    ...faultsAcrossKeys(environment, values),
  ];
  if (known && parsed.success && faults.length === 0) {
    return { config: { environment: known, ...parsed.data, secrets } };
  }
  return { faults };
}

/** What is sound of a configuration, key by key, however much else of it is at fault. */
export function soundPartOf(values: Record<string, unknown>): {
  readonly [Key in keyof EnvironmentSettings]?: EnvironmentSettings[Key] | undefined;
} {
  const settings = settingsOf(values);
  const issues = environmentSchema.safeParse(settings).error?.issues ?? [];
  const faulty = new Set(
    issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
    ),
  );
  const sound = Object.entries(settings).filter(([key]) => !faulty.has(key));
  return environmentSchema.partial().parse(Object.fromEntries(sound));
}

/** What a secret could be, for a run in which it does not matter what it is. */
export function exampleOfSecret(key: string): string | undefined {
  return isSecretKey(key) ? guidanceAt(secretSchemas[key], [])?.example : undefined;
}

/** All that is no secret, in one spelling. */
const settingsOf = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => !isSecretKey(key))
      .map(([key, value]) => [key, asText(value)]),
  );

function isSecretKey(key: string): key is SecretKey {
  return key in secretSchemas;
}

/** The engine hands every scalar over as text, a file its YAML type: `bucketSuffix: 4711` is the same in both. */
function asText(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

function pathOf(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  const tail = rest.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${configNamespace}:${String(first)}${tail}`;
}

function unknownEnvironment(environment: string): Fault {
  const near = didYouMean(environment, environments);
  return {
    path: "stack",
    problem: `is "${environment}", which is no environment`,
    remedy: `${near ? `Did you mean "${near}"? ` : ""}The environments are ${environments.join(" and ")}; another is named in infra/config/index.ts and sized in stacks/.`,
  };
}

function faultsOfIssue(
  issue: z.core.$ZodIssue,
  values: Record<string, unknown>,
  environment: string,
): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      unknownKey([...issue.path, key], knownKeysAt(environmentSchema, issue.path)),
    );
  }
  const path = pathOf(issue.path);
  if (issue.code === "custom" && issue.params?.remedy) {
    return [{ path, problem: issue.message, remedy: String(issue.params.remedy) }];
  }
  const guidance = guidanceAt(environmentSchema, issue.path);
  const expects = guidance?.expects ?? "another value";
  const value = valueAt(values, issue.path);
  const problem = value === undefined ? "is missing" : `is ${JSON.stringify(value)}, which is not ${expects}`;
  if (issue.path.join() === "decommission") {
    return [{ path, problem, remedy: ["Write:", ...decommissionLines(environment)].join("\n") }];
  }
  return [
    { path, problem, remedy: `Write ${expects}${guidance ? `, for example ${guidance.example}` : ""}.` },
  ];
}

function unknownKey(path: readonly PropertyKey[], siblings: readonly string[]): Fault {
  const all = path.length === 1 ? [...siblings, ...Object.keys(secretSchemas)] : siblings;
  const near = didYouMean(String(path.at(-1)), all);
  return {
    path: pathOf(path),
    problem: "is no known key",
    remedy: near ? `Did you mean "${near}"?` : `Take it out; the keys here are ${all.join(", ")}.`,
  };
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    values,
  );
}

function judgeSecrets(
  environment: string,
  values: Record<string, unknown>,
  form: "encrypted" | "decrypted",
): { secrets: EnvironmentConfig["secrets"]; faults: Fault[] } {
  const secrets: { [Key in SecretKey]?: SecretValue } = {};
  const faults: Fault[] = [];
  for (const key of Object.keys(secretSchemas).filter(isSecretKey)) {
    const value = values[key];
    if (value === undefined) {
      continue;
    }
    const path = pathOf([key]);
    if (!isSecretValue(value)) {
      faults.push({
        path,
        problem: "is a secret, and was set in the clear",
        remedy: `Revoke it, since it has been in a file; set its successor with: ${settingSecret(environment, path)}`,
      });
    } else if (form === "decrypted" && !secretSchemas[key].safeParse(value.secure).success) {
      const guidance = guidanceAt(secretSchemas[key], []);
      faults.push({
        path,
        problem: `is not ${guidance?.expects} (its value is not shown)`,
        remedy: `Set it anew with: ${settingSecret(environment, path)}`,
      });
    } else {
      secrets[key] = value;
    }
  }
  return { secrets, faults };
}

/** The command that sets a secret; Pulumi asks for its value, which thus stands in no history of commands. */
const settingSecret = (environment: string, path: string): string =>
  `pulumi config set --secret --stack ${environment} ${path}`;

function isSecretValue(value: unknown): value is SecretValue {
  return typeof value === "object" && value !== null && "secure" in value && typeof value.secure === "string";
}

/** What no key can know by itself; other keys, or other parts of these, may be at fault too. */
function faultsAcrossKeys(environment: string, values: Record<string, unknown>): Fault[] {
  const faults: Fault[] = [];
  const confirmed = valueAt(values, ["decommission", "confirm"]);
  if (typeof confirmed === "string" && confirmed !== environment) {
    faults.push({
      path: pathOf(["decommission", "confirm"]),
      problem: `is "${confirmed}", and this environment is "${environment}"`,
      remedy: `Write "${environment}" if its stores are really to go; otherwise take the whole block out.`,
    });
  }
  if (typeof values.region === "string" && values.backupRegion === values.region) {
    faults.push({
      path: pathOf(["backupRegion"]),
      problem: `is "${values.region}", where the environment itself is: both would be lost together`,
      remedy: "Name another region.",
    });
  }
  return [...faults, ...faultsOfHalves(environment, values)];
}

type AlertKey = keyof EnvironmentSettings["alerts"];

/** What has two halves, of which one is secret and the other not. */
const halves = [
  { secret: "slackWebhook", key: ["alerts", "slackChannel"] },
  { secret: "smtpPassword", key: ["alerts", "smtp"] },
  { secret: "pagerDutyRoutingKey", key: ["alerts", "pagerDuty"] },
  { secret: "grafanaClientSecret", key: ["grafanaSignIn"] },
] as const satisfies readonly {
  secret: SecretKey;
  key: readonly ["alerts", AlertKey] | readonly [keyof EnvironmentSettings];
}[];

/** A half alone tells nobody, or lets nobody in, and whoever set it believes that it does. */
function faultsOfHalves(environment: string, values: Record<string, unknown>): Fault[] {
  const given = (key: readonly string[]) => valueAt(values, key) !== undefined;
  const faults: Fault[] = halves.flatMap(({ secret, key }) => {
    if (given(key) && values[secret] === undefined) {
      const path = pathOf([secret]);
      const remedy = `Set it with: ${settingSecret(environment, path)}`;
      return [{ path, problem: `is missing, and ${key.join(".")} needs it`, remedy }];
    }
    if (given(key) || !isSecretValue(values[secret])) return [];
    const remedy = `Write it, or take the secret out: pulumi config rm --stack ${environment} ${pathOf([secret])}`;
    return [{ path: pathOf(key), problem: `is missing, and ${secret} is of no use without it`, remedy }];
  });
  if (given(["browsers", "errorTrackingDsn"]) && values.errorTrackingDsn === undefined) {
    const path = pathOf(["errorTrackingDsn"]);
    const problem =
      "is missing, and browsers.errorTrackingDsn is given: nobody would see what fails on the servers";
    faults.push({ path, problem, remedy: `Set it with: ${settingSecret(environment, path)}` });
  }
  if (given(["alerts", "escalation"]) && !given(["alerts", "smtp"])) {
    const remedy = "Name a mail server as alerts.smtp, or take the escalation out.";
    const problem = "is given, and there is no mail server to write through";
    faults.push({ path: pathOf(["alerts", "escalation"]), problem, remedy });
  }
  return faults;
}
