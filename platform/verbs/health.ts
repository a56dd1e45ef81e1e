import { requireCredentials } from "../environment/credentials.ts";
import { type ExitStatus, exitStatus, failure, usageError } from "../exit.ts";
import { runChecks, verdicts } from "../health/check.ts";
import type { CloudAccess } from "../health/cloud.ts";
import { clusterApi } from "../health/cluster.ts";
import { type ClusterObject, partsOf } from "../health/environment.ts";
import { checksOf } from "../health/plan.ts";
import { type HealthReport, healthReport } from "../health/report.ts";
import { lastScheduledRound } from "../health/scheduled.ts";
import { briefHealthText, changeText, healthText } from "../health/text.ts";
import { changesBetween, watch } from "../health/watch.ts";
import { readRecorded } from "../recorded.ts";
import { commandLine } from "../report/command-line.ts";
import type { Output } from "../report/output.ts";
import { runningSandbox } from "./sandbox/running.ts";

/** How often is looked: `once`, until somebody ends it, or by the job in the cluster, whose last findings are shown. */
export type HealthMode = "once" | "scheduled" | "continuous";

export interface HealthOptions {
  readonly sandbox: boolean;
  readonly json: boolean;
  readonly mode: HealthMode;
  /** Seconds between two rounds; of `continuous` alone. */
  readonly interval: number | undefined;
}

const defaultIntervalSeconds = 30;

/** How long the cluster is waited for that tells what was found. */
const scheduledSeconds = 30;

const unscheduled = ({ namespace, name }: ClusterObject): string =>
  `The scheduled checks, ${name} in ${namespace}, find nothing in the sandbox: no container runs there.\nLeave out --mode scheduled to ask from here.`;

/** Looks whether an environment is well. Changes nothing, and takes no lock: it may run beside an `up`. */
export async function runHealth(
  environment: string,
  options: HealthOptions,
  output: Output,
): Promise<ExitStatus> {
  const { mode, interval, sandbox } = options;
  if (interval !== undefined && mode !== "continuous") {
    throw usageError(
      `--interval is how often --mode continuous looks, and the mode is "${mode}".\nLeave it out, or add --mode continuous.`,
    );
  }
  const access = cloudAccess(sandbox);
  const { state } = await readRecorded(environment, sandbox, output);
  const parts = partsOf(state);
  const checks = checksOf(parts, access, sandbox);
  const up = commandLine("up", environment, sandbox);
  if (checks.length === 0) {
    throw failure(`Nothing of ${environment} is there to be looked at. "${up}" makes it.`);
  }
  if (mode === "scheduled") {
    const { clusterId, healthMonitor } = parts;
    if (clusterId === undefined || healthMonitor === undefined) {
      throw failure(`${environment} has no scheduled checks. "${up}" makes them.`);
    }
    if (sandbox) throw failure(unscheduled(healthMonitor));
    const report = await lastScheduledRound(
      clusterApi(access, clusterId),
      healthMonitor,
      AbortSignal.timeout(scheduledSeconds * 1000),
    );
    output.result(
      report,
      `${healthText(report, output)}\n\nAsked from within the cluster at ${report.checkedAt}.`,
    );
    return statusOf(report);
  }
  const round = async (signal: AbortSignal): Promise<HealthReport> => {
    const [beganAt, began] = [new Date(), performance.now()];
    const findings = await runChecks(checks, signal);
    const tookMs = Math.round(performance.now() - began);
    return healthReport({ environment, target: sandbox ? "sandbox" : "digitalocean" }, findings, {
      beganAt,
      tookMs,
    });
  };
  if (mode === "once") {
    const report = await round(new AbortController().signal);
    output.result(report, healthText(report, output));
    return statusOf(report);
  }
  return untilEnded(round, interval ?? defaultIntervalSeconds, options, output);
}

async function untilEnded(
  round: (signal: AbortSignal) => Promise<HealthReport>,
  intervalSeconds: number,
  { json }: HealthOptions,
  output: Output,
): Promise<ExitStatus> {
  const ended = new AbortController();
  const end = () => ended.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, end);
  // A screen shows how it is; a file tells what became of it.
  const show = json ? showLines : output.screen ? showScreen : showChanges;
  try {
    const last = await watch(round, intervalSeconds * 1000, ended.signal, (report, before) =>
      show(report, before, output, intervalSeconds),
    );
    return last === undefined ? exitStatus.failed : statusOf(last);
  } finally {
    for (const name of signals) process.off(name, end);
  }
}

type Show = (
  report: HealthReport,
  before: HealthReport | undefined,
  output: Output,
  intervalSeconds: number,
) => void;

const showScreen: Show = (report, _before, output, intervalSeconds) =>
  output.redraw(
    `${briefHealthText(report, output)}\n\n${report.checkedAt}, again every ${intervalSeconds} s; Ctrl-C ends it.`,
  );

const showChanges: Show = (report, before, output) => {
  if (before === undefined) {
    output.line(`${report.checkedAt}\n${healthText(report, output)}`);
    return;
  }
  for (const { before: was, now } of changesBetween(before, report))
    output.line(changeText(report.checkedAt, was, now, output));
};

/** A document a line: the first round, and each that found something changed. */
const showLines: Show = (report, before, output) => {
  if (before === undefined || changesBetween(before, report).length > 0) output.line(JSON.stringify(report));
};

/** Failed is what is critical, and what could not look at anything. */
function statusOf({ verdict, counts }: HealthReport): ExitStatus {
  const seen = verdicts.some((each) => each !== "unchecked" && counts[each] > 0);
  return verdict === "critical" || !seen ? exitStatus.failed : exitStatus.done;
}

function cloudAccess(sandbox: boolean): CloudAccess {
  if (sandbox) {
    const { record } = runningSandbox();
    return {
      apiUrl: `http://127.0.0.1:${record.ports.api}`,
      token: record.apiToken,
      spacesUrl: () => `http://127.0.0.1:${record.ports.spaces}`,
      spacesAccessKeyId: record.spacesAccessKeyId,
      spacesSecretAccessKey: record.spacesSecretAccessKey,
    };
  }
  const { env } = process;
  requireCredentials(env);
  return {
    apiUrl: env.DIGITALOCEAN_API_URL || "https://api.digitalocean.com",
    token: env.DIGITALOCEAN_TOKEN || env.DIGITALOCEAN_ACCESS_TOKEN || "",
    spacesUrl: (region) => `https://${region}.digitaloceanspaces.com`,
    spacesAccessKeyId: env.SPACES_ACCESS_KEY_ID ?? "",
    spacesSecretAccessKey: env.SPACES_SECRET_ACCESS_KEY ?? "",
  };
}
