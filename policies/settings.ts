import { z } from "zod";
import { type Context, context, contextTurn } from "./context.ts";
import type { RuleDetails } from "./rule.ts";

/**
 * How strict a rule is: it stops a change, tells of it and lets it pass, is not asked, or, where it knows a safe value, sets
 * that and stops what it cannot put right.
 */
export const levels = ["mandatory", "advisory", "disabled", "remediate"] as const;
export type Level = (typeof levels)[number];

/** One resource, or some, that one rule lets be until a day. */
export interface Exemption {
  /** Name of the rule. */
  readonly rule: string;
  /** URN of the resource, in which `*` stands for anything. */
  readonly resource: string;
  /** Why it is right to let it be, for whoever reads it in a year. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it holds, e.g. `2027-03-31`. */
  readonly expires: string;
}

/** What a stack's configuration says of the rules. */
export interface Settings {
  /** Whether the stack's stores hold data that must not be lost. Nothing where it does not say. */
  readonly production?: boolean;
  /** Levels of rules by name, where they are not a rule's own. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly exemptions: readonly Exemption[];
  /** How names of images may begin beside those of the catalogue, e.g. `ghcr.io/fluxcd/`. */
  readonly registries: readonly string[];
  /** What machines with GPUs may cost. */
  readonly gpuHourlyUsd: GpuBudget;
  /** What it says and nobody understands, each with its path. None of that has any effect. */
  readonly faults: readonly string[];
}

/** What machines with GPUs may cost, in US dollars an hour. */
export interface GpuBudget {
  /**
   * One of them.
   * @default 5: any with one GPU, and none with eight
   */
  readonly machine: number;
  /**
   * All of them together, pools at their largest.
   * @default 20
   */
  readonly all: number;
}

/** Namespace of the keys: `policies:levels`, `policies:exemptions`, ... */
const namespace = "policies";

const text = z.string("is missing").trim().min(1, "is empty");
const exemptionSchema = z.strictObject({
  rule: text,
  resource: text,
  reason: text.min(10, "is too short to be a reason"),
  owner: text,
  expires: text
    // YAML makes a moment of a day without quotes, and Pulumi's files and its engine write it in different ways.
    .transform((day) => day.replace(/[T ]00:00:00.*$/, ""))
    .refine((day) => z.iso.date().safeParse(day).success, "is no day such as 2027-03-31"),
});
const gpuSchema = z.strictObject({
  machine: z.number("is no number").nonnegative("is negative").default(5),
  all: z.number("is no number").nonnegative("is negative").default(20),
});
const registrySchema = text.regex(
  /^[\w.-]+(:\d+)?(\/[\w.-]+)*\/?$/,
  "is no registry or part of one, such as ghcr.io/fluxcd/",
);
const levelSchema = z.enum(levels, `is none of ${levels.join(", ")}`);

/**
 * What the stack that is judged says of the rules. Read anew when it has changed: the pack is loaded before the engine tells
 * it for which stack.
 */
export function settings(): Settings {
  // Every rule asks at every resource, and the SDK parses the whole configuration for each value of it.
  const turn = contextTurn();
  if (known?.turn === turn) return known.settings;
  const texts = textsOf(context());
  const before =
    known !== undefined && [...keys, "strange" as const].every((key) => known?.texts[key] === texts[key])
      ? known
      : undefined;
  known = { turn, texts, settings: before?.settings ?? parse(texts) };
  return known.settings;
}
let known: { readonly turn: number; readonly texts: Texts; readonly settings: Settings } | undefined;

/**
 * How strict a rule is for the stack that is judged. To be asked at each judgement: a pack is loaded before it is known which.
 *
 * @param mends Whether the rule knows a safe value.
 */
export function levelOf(
  { name, level = "mandatory" }: Pick<RuleDetails, "name" | "level">,
  mends: boolean,
): Level {
  const configured = settings().levels[name] ?? level;
  return configured === "remediate" && !mends ? level : configured;
}

/** The keys, and what they hold as the configuration has it. */
const keys = ["levels", "exemptions", "registries", "production", "gpuHourlyUsd"] as const;
/** Keys that rules read themselves. */
const others = ["owner", "costCentre"];
type Texts = Readonly<Record<(typeof keys)[number] | "strange", string | undefined>>;

const textsOf = ({ read, keys: given }: Context): Texts => ({
  strange: given(namespace)
    .filter((key) => ![...keys, ...others].includes(key))
    .join(", "),
  levels: read(namespace, "levels"),
  exemptions: read(namespace, "exemptions"),
  registries: read(namespace, "registries"),
  production: read(namespace, "production"),
  gpuHourlyUsd: read(namespace, "gpuHourlyUsd"),
});

function parse(texts: Texts): Settings {
  const faults: string[] = [];
  if (texts.strange)
    faults.push(
      `${namespace} has ${texts.strange}, and the rules know ${[...keys, ...others].join(", ")} alone`,
    );
  const levels = said("levels", z.record(z.string(), z.unknown()), texts, faults) ?? {};
  const exemptions = said("exemptions", z.array(z.unknown()), texts, faults) ?? [];
  const registries = said("registries", z.array(z.unknown()), texts, faults) ?? [];
  const gpuHourlyUsd = said("gpuHourlyUsd", z.record(z.string(), z.unknown()), texts, faults) ?? {};
  const production = said("production", z.boolean(), texts, faults);
  return {
    ...(production !== undefined && { production }),
    levels: Object.fromEntries(
      Object.entries(levels).flatMap(([rule, level]) => {
        const parsed = checked(levelSchema, level, `levels.${rule}`, faults);
        return parsed === undefined ? [] : [[rule, parsed]];
      }),
    ),
    exemptions: exemptions.flatMap(
      (entry, index) => checked(exemptionSchema, entry, `exemptions[${index}]`, faults) ?? [],
    ),
    registries: registries.flatMap(
      (entry, index) => checked(registrySchema, entry, `registries[${index}]`, faults) ?? [],
    ),
    gpuHourlyUsd: checked(gpuSchema, gpuHourlyUsd, "gpuHourlyUsd", faults) ?? gpuSchema.parse({}),
    faults,
  };
}

const forms = {
  levels: "is no object of levels by rule",
  exemptions: "is no list of exemptions",
  registries: "is no list of registries",
  production: "is neither true nor false",
  gpuHourlyUsd: "is no object of dollars, such as { machine: 5, all: 20 }",
};

function said<T>(
  key: keyof typeof forms,
  schema: z.ZodType<T>,
  texts: Texts,
  faults: string[],
): T | undefined {
  const text = texts[key];
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    faults.push(`${namespace}:${key} ${forms[key]}`);
    return undefined;
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, path: string, faults: string[]): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const where = [`${namespace}:${path}`, ...issue.path].join(".");
    if (keys.length === 0) faults.push(`${where} ${issue.message}`);
    else faults.push(`${where} has ${keys.join(", ")}, which nobody knows there`);
  }
  return undefined;
}
