import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { thresholds } from "../../catalog/thresholds.ts";
import { ruleSets } from "../../components/prometheus/rules/rule-sets.ts";
import { type Check, type Finding, NotAsked, runChecks, type Verdict } from "../../platform/health/check.ts";
import { addressCheck } from "../../platform/health/checks/addresses.ts";
import { judgeDaysLeft } from "../../platform/health/checks/certificates.ts";
import { judgeNodes, judgeWorkloads } from "../../platform/health/checks/kubernetes.ts";
import { judgeAlerts, judgeRegions } from "../../platform/health/checks/monitoring.ts";
import { judgeActivity } from "../../platform/health/checks/postgres.ts";
import { judgeInfo, judgeQueues } from "../../platform/health/checks/valkey.ts";
import { healthReport } from "../../platform/health/report.ts";
import { changeText, healthText } from "../../platform/health/text.ts";
import { changesBetween, watch } from "../../platform/health/watch.ts";

const never = new AbortController().signal;
const check = (name: string, ask: Check["ask"]): Check => ({
  subject: "database",
  name,
  asked: "a question",
  remedy: "somebody looks",
  ask,
});
const answering = (name: string, verdict: Verdict) =>
  check(name, () => Promise.resolve({ verdict, answer: "so it is" }));
const reportOf = (findings: readonly Finding[]) =>
  healthReport({ environment: "staging", target: "sandbox" }, findings, {
    beganAt: new Date(0),
    tookMs: 7,
  });

describe("a round", () => {
  it("asks all, and tells of each what came back, and what to do about what is not well", async () => {
    const findings = await runChecks(
      [
        answering("one", "healthy"),
        answering("two", "warning"),
        check("three", () => Promise.reject(new Error("refused", { cause: new Error("ECONNREFUSED") }))),
        check("four", () => Promise.reject(new NotAsked("nobody lets us"))),
      ],
      never,
    );
    expect(findings).toMatchObject([
      { name: "one", verdict: "healthy", asked: "a question", answer: "so it is" },
      { name: "two", verdict: "warning", remedy: "somebody looks" },
      { name: "three", verdict: "critical", answer: "ECONNREFUSED" },
      { name: "four", verdict: "unchecked", answer: "not checked, because nobody lets us" },
    ]);
    expect(findings[0]).not.toHaveProperty("remedy");
    expect(reportOf(findings)).toMatchObject({
      verdict: "critical",
      counts: { critical: 1, warning: 1, unchecked: 1, healthy: 1 },
    });
  });

  it("never counts as healthy what was not checked", async () => {
    const findings = await runChecks([answering("one", "healthy"), answering("two", "unchecked")], never);
    expect(reportOf(findings).verdict).toBe("unchecked");
  });

  it("is a table for people: what to do stands beneath what is not well, and nowhere else", async () => {
    const findings = await runChecks([answering("one", "healthy"), answering("a store", "critical")], never);
    const text = healthText(reportOf(findings), { colors: createColors(false) });
    expect(text).toMatch(/^staging in the sandbox: 1 critical, 1 healthy\n/);
    expect(text).toMatch(/^healthy {3}database {2}one {6}/m);
    expect(text).toMatch(
      /^critical {2}database {2}a store {2}.*\n {10}a question: so it is\n {10}Do: somebody looks$/m,
    );
    expect(text.match(/Do:/g)).toHaveLength(1);
  });
});

describe("going round", () => {
  it("tells what became better or worse, until it is ended", async () => {
    const states: Verdict[] = ["healthy", "healthy", "critical", "healthy"];
    const ended = new AbortController();
    const changes: string[] = [];
    let rounds = 0;
    const last = await watch(
      async (signal) => reportOf(await runChecks([answering("one", states[rounds++] ?? "healthy")], signal)),
      0,
      ended.signal,
      (report, before) => {
        for (const { before: was, now } of before === undefined ? [] : changesBetween(before, report))
          changes.push(changeText("now", was, now, { colors: createColors(false) }));
        if (rounds === states.length) ended.abort();
      },
    );
    expect(changes).toEqual([
      "now database one: healthy → critical. so it is. Do: somebody looks",
      "now database one: critical → healthy. so it is.",
    ]);
    expect(last?.verdict).toBe("healthy");
  });

  it("does not tell of a round that was cut short", async () => {
    const ended = new AbortController();
    const told: unknown[] = [];
    const last = await watch(
      (signal) => {
        ended.abort();
        return runChecks([check("one", () => Promise.reject(signal.reason))], signal).then(reportOf);
      },
      0,
      ended.signal,
      (report) => told.push(report),
    );
    expect([told, last]).toEqual([[], undefined]);
  });
});

describe("what came back is judged by the thresholds of the alerts", () => {
  const activity = { taken: 10, allowed: 100, oldest: 1, lag: 0 };

  it.each([
    [{}, "healthy"],
    [{ taken: 81 }, "warning"],
    [{ taken: 96 }, "critical"],
    [{ oldest: 1801 }, "warning"],
    [{ lag: 61 }, "warning"],
  ] as const)("PostgreSQL with %o is %s", (changed, verdict) => {
    expect(judgeActivity({ ...activity, ...changed }).verdict).toBe(verdict);
  });

  const info =
    "used_memory:10\r\nmaxmemory:100\r\nuptime_in_seconds:10\r\nkeyspace_hits:90\r\nkeyspace_misses:10\r\n";

  it.each([
    ["", "healthy"],
    ["used_memory:86\r\n", "warning"],
    ["keyspace_hits:30\r\n", "warning"],
    // Of three questions in a minute nothing follows.
    ["uptime_in_seconds:9000\r\nkeyspace_hits:0\r\n", "healthy"],
    ["maxmemory:0\r\n", "healthy"],
  ] as const)("Valkey that also says %j is %s", (further, verdict) => {
    expect(judgeInfo(`# Memory\r\n${info}${further}`).verdict).toBe(verdict);
  });

  it("a queue may hold a thousand jobs", () => {
    expect(judgeQueues([["transcription", 1000]]).verdict).toBe("healthy");
    expect(
      judgeQueues([
        ["celery", 0],
        ["transcription", 1001],
      ]),
    ).toMatchObject({
      verdict: "warning",
      measured: { transcriptionJobs: 1001 },
    });
  });

  it("a certificate has thirty days left, the first to end decides, and none is not well", () => {
    const ending = (name: string, days: number) => ({ name, endsAtMs: days * 86_400_000 });
    expect(judgeDaysLeft([ending("a", 30)], 0).verdict).toBe("healthy");
    expect(judgeDaysLeft([ending("a", 90), ending("b", 29)], 0)).toMatchObject({
      verdict: "critical",
      measured: { daysLeft: 29 },
    });
    expect(judgeDaysLeft([ending("a", -3)], 0).answer).toBe("a ended 3 days ago");
    expect(judgeDaysLeft([], 0).verdict).toBe("unchecked");
  });

  it("a workload without a pod is critical, one that lacks some is not well", () => {
    const workload = { kind: "Deployment", namespace: "n", name: "web", wanted: 3, ready: 3 };
    expect(judgeWorkloads([workload]).verdict).toBe("healthy");
    expect(judgeWorkloads([workload, { ...workload, ready: 2 }]).verdict).toBe("warning");
    expect(judgeWorkloads([{ ...workload, ready: 0 }])).toMatchObject({
      verdict: "critical",
      answer: "0 of 1 are complete, Deployment n/web has 0 of 3 pods",
    });
    expect(judgeWorkloads([{ ...workload, wanted: 0, ready: 0 }]).verdict).toBe("healthy");
  });

  it("a node that is not ready or runs short is not well, and none at all is critical", () => {
    const node = (name: string, ...conditions: string[]) => ({
      metadata: { name, namespace: "" },
      status: { conditions: conditions.map((type) => ({ type, status: "True" })) },
    });
    expect(judgeNodes([node("a", "Ready")]).verdict).toBe("healthy");
    expect(judgeNodes([node("a", "Ready"), node("b")]).verdict).toBe("warning");
    expect(judgeNodes([node("a", "Ready", "DiskPressure")]).verdict).toBe("warning");
    expect(judgeNodes([node("a")]).verdict).toBe("critical");
    expect(judgeNodes([]).verdict).toBe("critical");
  });

  it("Prometheus is as ill as what it tells of, and critical when the alert that always fires does not", () => {
    const alert = (alertname: string, severity: string, state = "firing") => ({
      state,
      labels: { alertname, severity },
    });
    const watchdog = alert("Watchdog", "info");
    expect(judgeAlerts([watchdog]).verdict).toBe("healthy");
    expect(judgeAlerts([watchdog, alert("QueueLong", "warning", "pending")]).verdict).toBe("healthy");
    expect(judgeAlerts([watchdog, alert("QueueLong", "warning")])).toMatchObject({
      verdict: "warning",
      answer: "raises alerts, warning: QueueLong",
    });
    expect(judgeAlerts([watchdog, alert("ServiceDown", "critical")]).verdict).toBe("critical");
    expect(judgeAlerts([]).verdict).toBe("critical");
  });

  it("an address is down when every place says so", () => {
    const region = (status: string) => ({ status, thirty_day_uptime_percentage: 99.95 });
    expect(judgeRegions({ us: region("UP"), eu: region("UP") })).toMatchObject({
      verdict: "healthy",
      answer: "up as seen from 2 places, 99.95 % of 30 days",
    });
    expect(judgeRegions({ us: region("UP"), eu: region("DOWN") }).verdict).toBe("warning");
    expect(judgeRegions({ us: region("DOWN") }).verdict).toBe("critical");
    expect(judgeRegions({ us: region("CHECKING") }).verdict).toBe("unchecked");
  });

  it("each threshold stands in a rule too", () => {
    const expressions = ruleSets
      .flatMap(({ alerts = [] }) => alerts.map(({ expression }) => expression))
      .join("\n");
    for (const limit of [
      `certificate_remaining:seconds < ${thresholds.certificateDays} * 86400`,
      `queue:jobs_waiting:max > ${thresholds.queuedJobs}`,
      `pg_connections:utilisation > ${thresholds.databaseConnections.critical}`,
      `redis_memory:utilisation > ${thresholds.memory}`,
      `hit_ratio15m < ${thresholds.cacheHits.warning}`,
    ])
      expect(expressions).toContain(limit);
  });
});

describe("an address", () => {
  it.each([
    [200, "healthy"],
    [503, "critical"],
  ] as const)("that answers with %i is %s", async (status, verdict) => {
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const [finding] = await runChecks([addressCheck("site", `http://127.0.0.1:${port}/`)], never);
    server.close();
    expect(finding).toMatchObject({ verdict, measured: { status } });
    // Whoever listened there does so no more.
    const [gone] = await runChecks([addressCheck("site", `http://127.0.0.1:${port}/`)], never);
    expect(gone).toMatchObject({ verdict: "critical", answer: expect.stringContaining("ECONNREFUSED") });
  });
});
