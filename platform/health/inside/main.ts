import { runChecks } from "../check.ts";
import { healthReport } from "../report.ts";
import { ownCluster } from "./own-cluster.ts";
import { checksFromWithin } from "./plan.ts";
import { readSettings, settingsFile } from "./settings.ts";

/*
 * One round from within the cluster, as images/health-monitor runs it. It prints the document that `platform health --json`
 * prints, and ends with status 1 when something is critical: then its Job has failed, which Prometheus is told.
 */
const settings = await readSettings(process.env.SETTINGS_FILE ?? settingsFile);
const [beganAt, began] = [new Date(), performance.now()];
const findings = await runChecks(
  checksFromWithin(settings, ownCluster(process.env, process.env.SERVICE_ACCOUNT_FOLDER)),
  new AbortController().signal,
);
const report = healthReport({ environment: settings.environment, target: "digitalocean" }, findings, {
  beganAt,
  tookMs: Math.round(performance.now() - began),
});
process.stdout.write(`${JSON.stringify(report)}\n`, () => {
  // Whoever has not answered in time would keep the process.
  process.exit(report.verdict === "critical" ? 1 : 0);
});
