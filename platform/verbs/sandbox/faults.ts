import { readFileSync } from "node:fs";
import { z } from "zod";
import type { FaultsReport } from "../../../sandbox/daemon/client.ts";
import { type FaultPlanInput, faultPlanSchema, faultRuleSchema } from "../../../sandbox/faults/plan.ts";
import { type ExitStatus, exitStatus, usageError } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { runningSandbox } from "./running.ts";

/** One rule, as flags say it; or a file that holds a whole plan. */
export interface FaultsSetOptions {
  readonly seed?: number;
  /** Share of the matching requests that it strikes, 0 to 1. */
  readonly rate?: number;
  readonly status?: number;
  readonly latencyMs?: number;
  /** Keeps the requests waiting until the plan is cleared. */
  readonly hold?: true;
  readonly drop?: "before" | "after";
  readonly method?: string;
  readonly path?: string;
  /** How many of the matching requests pass first. */
  readonly after?: number;
  /** How many times it strikes at most. */
  readonly times?: number;
  /** A file of JSON that holds `seed` and `rules`. */
  readonly file?: string;
}

/** Makes requests to the emulated cloud go wrong, from now on, until cleared or until the sandbox stops. */
export async function runFaultsSet(options: FaultsSetOptions, output: Output): Promise<ExitStatus> {
  const report = await runningSandbox().client.setFaults(faultPlan(options));
  output.result(report, faultsText(report));
  return exitStatus.done;
}

export async function runFaultsClear(output: Output): Promise<ExitStatus> {
  await runningSandbox().client.clearFaults();
  output.result({ rules: [] }, "Nothing goes wrong on purpose any more.");
  return exitStatus.done;
}

/** Shows the rules, with how often each matched and struck. */
export async function runFaultsShow(output: Output): Promise<ExitStatus> {
  const report = await runningSandbox().client.faults();
  output.result(report, faultsText(report));
  return exitStatus.done;
}

/**
 * The plan that flags or a file ask for.
 *
 * @throws PlatformError with exit status 2 when it is no sound plan.
 */
export function faultPlan({ file, seed, ...rule }: FaultsSetOptions): FaultPlanInput {
  const given: unknown =
    file === undefined ? { ...(seed === undefined ? {} : { seed }), rules: [rule] } : readJson(file);
  const parsed = faultPlanSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  // Flags are one rule, whose place in a list of rules is no concern of who wrote them.
  const faults = parsed.error.issues.map(({ path, message }) => {
    const where = file === undefined && path[0] === "rules" ? path.slice(2) : path;
    return `  - ${z.core.toDotPath(where) || (file === undefined ? "the rule" : "the plan")}: ${message}`;
  });
  throw usageError(
    [`This is no plan of faults${file === undefined ? "" : `, ${file}`}:`, ...faults].join("\n"),
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw usageError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** One rule in words: `30 % of GET /v2/droplets: status 503, struck at most once`. */
export function ruleText(rule: z.output<typeof faultRuleSchema>): string {
  const { method, path, rate, after, times, status, latencyMs, hold, drop } = rule;
  const share = rate === 1 ? "all" : `${Number((rate * 100).toPrecision(3))} %`;
  const effects = [
    ...(latencyMs === undefined ? [] : [`${latencyMs} ms later`]),
    ...(hold ? ["held until cleared"] : []),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(drop === undefined ? [] : [`connection cut ${drop} the request is carried out`]),
    ...(after === 0 ? [] : [`once ${after} have passed`]),
    ...(times === undefined ? [] : [`struck at most ${times === 1 ? "once" : `${times} times`}`]),
  ];
  return `${share} of ${method ?? "any method"} ${path ?? "on any path"}: ${effects.join(", ")}`;
}

function faultsText({ seed, rules }: FaultsReport): string {
  if (rules.length === 0) return "Nothing goes wrong on purpose.";
  return [
    `Seed ${seed}:`,
    ...rules.map(
      ({ matched, struck, ...rule }, index) =>
        `  ${index + 1}. ${ruleText(faultRuleSchema.parse(rule))}. Struck ${struck} of ${matched} so far.`,
    ),
  ].join("\n");
}
