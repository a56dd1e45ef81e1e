import { afterEach, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { ruleSets } from "../../../../components/prometheus/rules/rule-sets.ts";
import { causes, exposed } from "./causes.ts";
import { mentions, tells } from "./inbox.ts";
import { prometheusIsHere, startPrometheus, startTarget, type Target } from "./prometheus.ts";
import { alertmanagerIsHere, type Stage, setStage } from "./stage.ts";

const runbooks = "https://example.com/runbooks";
const alerts = new Map(ruleSets.flatMap((set) => (set.alerts ?? []).map((alert) => [alert.name, alert])));
const minute = /^(\d+)m$/;

let stage: Stage;
let targets: Target[];

beforeEach(async () => {
  stage = await setStage();
  targets = [];
  onTestFailed(() => void process.stderr.write(`${stage.story()}\n`));
});

afterEach(async () => {
  await stage.clear();
  await Promise.all(targets.map((each) => each.close()));
});

async function target(metrics: () => string | undefined): Promise<string> {
  const started = await startTarget(metrics);
  targets.push(started);
  return started.address;
}

/** What PagerDuty is told of an alert by one of its events. */
const event = (action: "trigger" | "resolve", ...texts: string[]) =>
  stage.inbox.first((told) => told.body.event_action === action && tells("pagerDuty", ...texts)(told));

describe.skipIf(!alertmanagerIsHere || !prometheusIsHere)("Prometheus and Alertmanager", () => {
  // Together, because Prometheus takes five seconds before it asks anybody. Who waits in vain waits for two minutes.
  it("tell of every cause that the requirements name, wake somebody where they should, and say when it is over", {
    timeout: 120_000,
  }, async () => {
    const { inbox } = stage;
    const began = Date.now();
    let emptied = false;
    const told = await Promise.all(
      causes.map(async ({ job, metrics, alert }) => {
        let asked = 0;
        const address = await target(() => {
          asked += 1;
          const now = exposed(metrics(Date.now() - began, asked));
          return alert === "DiskNearlyFull" && emptied ? now.replace("} 5\n", "} 12\n") : now;
        });
        return [job, [address]] as const;
      }),
    );
    let answers = true;
    const worker = await target(() => (answers ? "process_start_time_seconds 1\n" : undefined));
    const database = await target(() => `pg_up ${answers ? 1 : 0}\n`);
    const { url } = await stage.alertmanager(stage.configure());
    stage.keep(
      await startPrometheus({
        folder: stage.folder,
        targets: { ...Object.fromEntries(told), worker: [worker], "postgres-exporter": [database] },
        alertmanagers: [new URL(url).host],
        runbooks,
      }),
    );

    await Promise.all(
      causes.map(async ({ alert, summary, pages }) => {
        const { severity, lasting } = alerts.get(alert) ?? {};
        const line = `[${severity?.toUpperCase()}] staging: `;
        const { atMs } = await inbox.first(tells("slack", alert, `${runbooks}/${alert}.md`, line, summary));
        if (pages) await event("trigger", alert, line, summary);
        // A minute is a second here: what lasts shorter than the rule wants is told to nobody.
        expect((atMs - began) / 1000, alert).toBeGreaterThan(Number(minute.exec(lasting ?? "")?.[1]));
      }),
    );
    const asleep = causes.filter(({ pages }) => !pages).map(({ alert }) => alert);
    for (const alert of asleep)
      expect(inbox.all.filter(tells("pagerDuty", `${alert}.md`)), alert).toEqual([]);

    await inbox.first(tells("slack", "AvailabilityBudgetBurnsFast.md", "% of the requests to api fail"));

    answers = false;
    const down = await event("trigger", "ServiceDown", "worker does not answer");
    expect(down.body).toMatchObject({
      payload: { summary: expect.stringMatching(/^\[CRITICAL\] staging: /) },
    });
    expect(mentions(`${worker} has not answered for a minute.`, `${runbooks}/ServiceDown.md`)(down)).toBe(
      true,
    );

    // What comes of it is told already: it would be held back now.
    await event("trigger", "PostgresUnreachable", "PostgreSQL cannot be reached");

    answers = true;
    emptied = true;
    const answered = await event("resolve", "ServiceDown");
    expect(answered.body.dedup_key).toBe(down.body.dedup_key);
    const full = await event("trigger", "DiskNearlyFull");
    const roomy = await event("resolve", "DiskNearlyFull");
    expect(roomy.body.dedup_key).toBe(full.body.dedup_key);
    // The same disk fills on: that was not told while it was nearly full.
    const [node = ""] = Object.fromEntries(told)["node-exporter"] ?? [];
    const fills = await inbox.first(tells("slack", "DiskFilling.md", `Disk / of ${node}`));
    expect(fills.atMs).toBeGreaterThan(full.atMs);
  });
});
