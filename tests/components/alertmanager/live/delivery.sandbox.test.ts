import { afterEach, beforeEach, describe, expect, it, onTestFailed, vi } from "vitest";
import { routingLabels } from "../../../../components/prometheus/rules/render.ts";
import { ruleSets } from "../../../../components/prometheus/rules/rule-sets.ts";
import { casesOf } from "../../prometheus/rules/all-cases.ts";
import { everybody } from "../receivers.ts";
import { mailTo, mentions, tells } from "./inbox.ts";
import { alertmanagerIsHere, hastenedBy, type RaisedAlert, type Stage, setStage } from "./stage.ts";

const pages = (name: string) => ({
  runbook: `https://example.com/runbooks/${name}.md`,
  dashboard: `https://ops.example.com/grafana/d/${name}`,
});

/** An alert that begins now. */
function alert(name: string, labels: Record<string, string>, summary: string): RaisedAlert {
  const { runbook, dashboard } = pages(name);
  return {
    labels: { alertname: name, environment: "staging", subject: "application", ...labels },
    annotations: {
      summary,
      description: `All about ${summary}.`,
      runbook_url: runbook,
      dashboard_url: dashboard,
    },
    startsAt: new Date().toISOString(),
  };
}

const over = (alerts: readonly RaisedAlert[]) =>
  alerts.map((each) => ({ ...each, endsAt: new Date().toISOString() }));

const onCall = "on-call@example.com";

/** A day of the week that is neither today nor tomorrow. */
const anotherDay = () =>
  new Date(Date.now() + 3 * 86_400_000)
    .toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })
    .toLowerCase();

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  onTestFailed(() => void process.stderr.write(`${stage.story()}\n`));
});

afterEach(() => stage.clear());

// What is waited for takes seconds; who waits in vain waits for a minute.
describe.skipIf(!alertmanagerIsHere)("Alertmanager", { timeout: 60_000 }, () => {
  it("tells each whom it concerns, once for a group, what is wrong, where, since when and where to read on", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure(anotherDay()));
    const down = ["a:8000", "b:8000"].map((instance) =>
      alert("ServiceDown", { severity: "critical", job: "api", instance }, `${instance} does not answer`),
    );
    const both = ["a:8000 does not answer", "b:8000 does not answer"];
    const title = "[CRITICAL] staging: ServiceDown of 2 things (application)";
    const { runbook, dashboard } = pages("ServiceDown");
    await one.raise(down);

    const { body: slack } = await inbox.first(tells("slack", ...both));
    expect(slack).toMatchObject({
      channel: "#whisper-alerts",
      attachments: [{ title, title_link: runbook, color: "danger" }],
    });
    const text = JSON.stringify(slack);
    expect(text).toContain(`Runbook: ${runbook}`);
    expect(text).toContain(`Dashboard: ${dashboard}`);
    expect(text).toContain("Where: instance=b:8000, job=api");
    expect(text).toMatch(/Since: \d{4}-\d\d-\d\d \d\d:\d\d UTC/);

    const { body: event } = await inbox.first(tells("pagerDuty", ...both));
    expect(event).toMatchObject({
      routing_key: "routing-key",
      event_action: "trigger",
      dedup_key: expect.stringMatching(/./),
      client_url: runbook,
      payload: {
        summary: title,
        severity: "critical",
        class: "ServiceDown",
        component: "application",
        group: "staging",
      },
      links: [
        { href: runbook, text: "Runbook" },
        { href: dashboard, text: "Dashboard" },
      ],
    });

    for (const address of everybody.email.to) {
      const { body } = await inbox.first(mailTo(address, ...both, `Runbook: ${runbook}`));
      expect(body).toMatchObject({ subject: title, from: "alerts@example.com" });
      expect(body.html ?? "").toBe("");
    }

    // Nobody has solved it by then, and it is told no sooner.
    const { emails, afterMinutes } = everybody.escalation;
    for (const address of emails) {
      const { atMs } = await inbox.first(mailTo(address, ...both));
      expect(atMs - Date.parse(down[0]?.startsAt ?? "")).toBeGreaterThanOrEqual(
        (afterMinutes * 60_000) / hastenedBy,
      );
    }

    await one.raise(over(down));
    const solved = await inbox.first(({ body }) => body.event_action === "resolve");
    expect(solved.body.dedup_key).toBe(event.dedup_key);
    await inbox.first(tells("slack", "[SOLVED] staging: ServiceDown of 2 things", "Solved at", "good"));
    await inbox.first(mailTo(onCall, "[SOLVED] staging: ServiceDown of 2 things", "Solved at"));
  });

  it("wakes nobody for a warning, keeps for working hours what is only worth knowing, and shows that it lives", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure(anotherDay()));
    await one.raise([
      alert("DiskFilling", { severity: "warning", instance: "c:9100" }, "a disk fills"),
      alert("ReleaseDone", { severity: "info" }, "release 7 is in"),
      alert("Watchdog", { severity: "info", subject: "monitoring" }, "all is well"),
    ]);
    await inbox.first(tells("slack", "[WARNING] staging: a disk fills", "Runbook: "));
    await inbox.first(mailTo(onCall, "[WARNING] staging: a disk fills"));
    await inbox.first(tells("heartbeat", "Watchdog"));
    // Each group is looked at again when all that there was to tell of it has been told.
    for (const name of ["DiskFilling", "ReleaseDone"]) await one.said(flushed(name), 2);
    expect(inbox.all.filter(({ way }) => way === "pagerDuty")).toEqual([]);
    expect(inbox.all.filter(mentions("release 7 is in"))).toEqual([]);
    expect(inbox.all.filter(mentions("all is well")).every(({ way }) => way === "heartbeat")).toBe(true);
    expect(inbox.all.filter(tells("slack", "a disk fills"))).toHaveLength(1);
  });

  it("holds back the warning of what is critical, and tells it when that is solved and it stays", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure());
    const same = { job: "api", instance: "a:8000" };
    const down = [alert("ServiceDown", { severity: "critical", ...same }, "a:8000 does not answer")];
    await one.raise(down);
    await inbox.first(tells("pagerDuty", "a:8000 does not answer"));

    const late = (instance: string) =>
      alert("AnswersLate", { severity: "warning", job: "api", instance }, `${instance} answers late`);
    await one.raise([late("a:8000"), late("b:8000")]);
    // The other is another thing: nothing explains it.
    await inbox.first(tells("slack", "b:8000 answers late"));
    expect((await one.statesOf("AnswersLate")).sort()).toEqual(["active", "suppressed"]);
    expect(inbox.all.filter(mentions("a:8000 answers late"))).toEqual([]);

    await one.raise(over(down));
    await inbox.first(tells("slack", "a:8000 answers late"));
  });

  it("holds back what is not heard of on a node that is out of reach, but for what is critical", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure());
    const warning = { severity: "warning", subject: "kubernetes" };
    await one.raise([alert("NodeNotReady", { ...warning, node: "node-a" }, "node-a is out of reach")]);
    await inbox.first(tells("slack", "node-a is out of reach"));
    const missed = { severity: "warning", subject: "monitoring", job: "kubelet" };
    await one.raise([
      alert("TargetDown", { ...missed, node: "node-a" }, "the kubelet of node-a is away"),
      alert("TargetDown", { ...missed, node: "node-b" }, "the kubelet of node-b is away"),
      alert("TargetDown", { ...missed, job: "gpu-worker-machine" }, "a machine without a node is away"),
      alert("ServiceDown", { severity: "critical", job: "api", node: "node-a" }, "the api is away"),
    ]);
    await inbox.first(tells("pagerDuty", "the api is away"));
    for (const told of ["the kubelet of node-b is away", "a machine without a node is away"])
      await inbox.first(tells("slack", told));
    expect((await one.statesOf("TargetDown")).sort()).toEqual(["active", "active", "suppressed"]);
    expect(inbox.all.filter(mentions("the kubelet of node-a is away"))).toEqual([]);
  });

  it("wakes nobody for what comes of a store that is out of reach, until that is back and it stays", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure());
    const critical = { severity: "critical" };
    const unreachable = [
      alert("PostgresUnreachable", { ...critical, instance: "postgres" }, "PostgreSQL cannot be reached"),
    ];
    await one.raise(unreachable);
    await inbox.first(tells("pagerDuty", "PostgreSQL cannot be reached"));
    await one.raise([
      alert("ErrorsVeryFrequent", { ...critical, job: "api" }, "requests fail"),
      alert("AvailabilityBudgetBurnsFast", { ...critical, job: "api" }, "the budget burns"),
      alert("HealthCheckFails", { ...critical, namespace: "monitoring" }, "asked from within, it is ill"),
      alert("SiteUnreachable", { ...critical, instance: "https://a" }, "the site is away"),
    ]);
    await inbox.first(tells("pagerDuty", "the site is away"));
    const heldBack = ["ErrorsVeryFrequent", "AvailabilityBudgetBurnsFast", "HealthCheckFails"];
    expect((await Promise.all(heldBack.map((name) => one.statesOf(name)))).flat()).toEqual(
      heldBack.map(() => "suppressed"),
    );
    expect(inbox.all.filter(mentions("requests fail"))).toEqual([]);

    await one.raise(over(unreachable));
    await inbox.first(tells("pagerDuty", "requests fail"));
  });

  it("holds back nothing that a critical alert does not explain", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure());
    const volume = (claim: string) => ({ namespace: "stores", persistentvolumeclaim: claim });
    await one.raise([
      alert("VolumeNearlyFull", { severity: "critical", ...volume("data-0") }, "data-0 is nearly full"),
      alert("LoginAttackSuspected", { severity: "critical" }, "somebody tries passwords"),
    ]);
    await inbox.first(tells("pagerDuty", "data-0 is nearly full"));
    await inbox.first(tells("pagerDuty", "somebody tries passwords"));

    const warning = { severity: "warning" };
    await one.raise([
      alert("VolumeFilling", { ...warning, ...volume("data-0") }, "data-0 fills"),
      alert("VolumeFilling", { ...warning, ...volume("data-1") }, "data-1 fills"),
      alert("QuotaNearlyUsed", { ...warning, namespace: "stores" }, "stores has little left"),
      alert("LoginsFail", warning, "sign-ins fail"),
      alert("IntrusionWatchMissing", warning, "a node is not watched"),
    ]);
    for (const told of ["data-1 fills", "stores has little left", "a node is not watched"]) {
      await inbox.first(tells("slack", told));
    }
    expect((await one.statesOf("VolumeFilling")).sort()).toEqual(["active", "suppressed"]);
    expect(await one.statesOf("LoginsFail")).toEqual(["suppressed"]);
    expect(inbox.all.filter(mentions("data-0 fills"))).toEqual([]);
  });

  it("tells each alert that there is, with the text that its rule gives it", async () => {
    const { inbox } = stage;
    const one = await stage.alertmanager(stage.configure());
    const raised = ruleSets.flatMap(({ subject, alerts = [] }) =>
      alerts.map((rule) => {
        const fired = casesOf[subject]?.flatMap((each) =>
          "firesAtMinute" in each && each.alert === rule.name ? each.notices : [],
        )[0];
        // Each as if it were alone in an environment: none explains another.
        const labels = {
          ...fired?.labels,
          ...routingLabels(rule, subject),
          alertname: rule.name,
          environment: rule.name,
        };
        const { summary = rule.summary, description = rule.description } = fired ?? {};
        return { rule, summary, alert: { labels, annotations: { summary, description } } };
      }),
    );
    expect(raised.length).toBeGreaterThan(50);
    await one.raise(raised.map((each) => each.alert));
    for (const { rule, summary } of raised) {
      if (rule.name === "Watchdog") {
        await inbox.first(tells("heartbeat", rule.name));
        continue;
      }
      await inbox.first(tells("slack", rule.name, summary));
      if (rule.severity !== "info") await inbox.first(mailTo(onCall, rule.name, summary));
      if (rule.severity === "critical" && rule.pages !== false) {
        await inbox.first(tells("pagerDuty", rule.name, summary));
      }
    }
  });

  it("keeps what is silenced over a restart", async () => {
    const { inbox } = stage;
    const configuration = stage.configure();
    const before = await stage.alertmanager(configuration);
    const silence = await before.silence("ServiceDown");
    await before.stop();

    const after = await stage.alertmanager(configuration);
    expect(await after.silences()).toEqual([silence]);
    await after.raise([alert("ServiceDown", { severity: "critical", job: "api" }, "api does not answer")]);
    await after.said(flushed("ServiceDown"), 2);
    expect(await after.statesOf("ServiceDown")).toEqual(["suppressed"]);
    expect(inbox.all).toEqual([]);

    await after.lift(silence);
    await inbox.first(tells("pagerDuty", "api does not answer"));
  });

  it("tells people once where there are two, and goes on when one of them is gone", async () => {
    const { inbox } = stage;
    const configuration = stage.configure();
    const one = await stage.alertmanager(configuration, { name: "one", peers: [] });
    const two = await stage.alertmanager(configuration, { name: "two", peers: await one.peers() });
    await Promise.all([one, two].map((each) => each.said(/gossip settled/)));
    const both = { timeout: 30_000, interval: 50 };
    await vi.waitFor(async () => expect(await one.peers()).toHaveLength(2), both);

    const silence = await one.silence("SomethingElse");
    await vi.waitFor(async () => expect(await two.silences()).toEqual([silence]), both);

    const filling = [alert("DiskFilling", { severity: "warning" }, "a disk fills")];
    await one.raise(filling);
    const ways = [
      tells("slack", "a disk fills"),
      ...everybody.email.to.map((to) => mailTo(to, "a disk fills")),
    ];
    for (const way of ways) await inbox.first(way);
    // The other hears of it before it would tell: Alertmanager gives it a quarter of a minute, here it gets the alert then.
    await vi.waitFor(async () => expect(await two.deliveriesHeardOf()).toBe(ways.length), both);
    await two.raise(filling);
    await two.said(flushed("DiskFilling"), 2);
    expect(inbox.all).toHaveLength(ways.length);

    await one.stop();
    await two.raise(over(filling));
    await inbox.first(tells("slack", "[SOLVED] staging: a disk fills"));
  });
});

/** The line in which Alertmanager says that it looks at an alert's group: the second time all of the first is done. */
const flushed = (alertname: string) => new RegExp(`msg=flushing.*${alertname}`);
