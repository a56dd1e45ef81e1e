import { afterEach, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { mentions, tells } from "./inbox.ts";
import { prometheusIsHere, startPrometheus, startTarget, type Target } from "./prometheus.ts";
import { alertmanagerIsHere, type Stage, setStage } from "./stage.ts";

const runbooks = "https://example.com/runbooks";
const disk = 'device="/dev/vda1",fstype="ext4",mountpoint="/"';

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
  // Together, because Prometheus takes five seconds before it asks anybody. Who waits in vain waits for a minute.
  it("wake somebody for a service that does not answer, a budget that burns and a disk that is full, and say when it is over", {
    timeout: 60_000,
  }, async () => {
    const { inbox } = stage;
    let succeeded = 0;
    let failed = 0;
    // Each time it is asked, ten requests more, four of them in vain.
    const api = await target(() => {
      succeeded += 6;
      failed += 4;
      const requests = 'http_requests_total{method="GET",handler="/jobs",status';
      return `${requests}="200"} ${succeeded}\n${requests}="500"} ${failed}\n`;
    });
    let answers = true;
    const worker = await target(() => (answers ? "process_start_time_seconds 1\n" : undefined));
    let free = 5;
    const node = await target(
      () => `node_filesystem_avail_bytes{${disk}} ${free}\nnode_filesystem_size_bytes{${disk}} 100\n`,
    );
    const { url } = await stage.alertmanager(stage.configure());
    const prometheus = await startPrometheus({
      folder: stage.folder,
      targets: { api: [api], worker: [worker], "node-exporter": [node] },
      alertmanagers: [new URL(url).host],
      runbooks,
    });
    stage.keep(prometheus);

    await event("trigger", "AvailabilityBudgetBurnsFast");
    const budget = await inbox.first(tells("slack", "AvailabilityBudgetBurnsFast"));
    expect(budget.body).toMatchObject({
      attachments: [
        {
          title: expect.stringMatching(/^\[CRITICAL\] staging: \S+% of the requests to api fail$/),
          title_link: `${runbooks}/AvailabilityBudgetBurnsFast.md`,
        },
      ],
    });
    const full = await event("trigger", "DiskNearlyFull");
    const what = `Disk / of ${node} is`;
    expect(full.body).toMatchObject({ payload: { summary: `[CRITICAL] staging: ${what} 95% full` } });

    answers = false;
    free = 13;
    const down = await event("trigger", "ServiceDown", "worker does not answer");
    expect(down.body).toMatchObject({
      payload: { summary: expect.stringMatching(/^\[CRITICAL\] staging: /) },
    });
    expect(mentions(`${worker} has not answered for a minute.`, `${runbooks}/ServiceDown.md`)(down)).toBe(
      true,
    );

    answers = true;
    const answered = await event("resolve", "ServiceDown");
    expect(answered.body.dedup_key).toBe(down.body.dedup_key);
    const emptied = await event("resolve", "DiskNearlyFull");
    expect(emptied.body.dedup_key).toBe(full.body.dedup_key);
    // The same disk fills on: that was not told while it was nearly full.
    const fills = await inbox.first(tells("slack", "DiskFilling", `[WARNING] staging: ${what} 87% full`));
    expect(fills.atMs).toBeGreaterThan(full.atMs);
    expect(inbox.all.filter(tells("pagerDuty", "DiskFilling"))).toEqual([]);
  });
});
