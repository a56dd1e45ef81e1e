import { describe, expect, it } from "vitest";
import type { Receivers } from "../../../components/alertmanager/receivers.ts";
import { signOfLife } from "../../../components/alertmanager/routes.ts";
import { routingLabels } from "../../../components/prometheus/rules/render.ts";
import type { Alert } from "../../../components/prometheus/rules/rule.ts";
import { ruleSets } from "../../../components/prometheus/rules/rule-sets.ts";
import { amtoolIsHere, askAmtool, receiversOf, writeConfiguration } from "./amtool.ts";
import { everybody, nobody } from "./receivers.ts";

/** Who is to be told, by what the alert says of itself: from the requirements, not from the routes. */
const expectations: Record<string, { when: (alert: Alert) => boolean; receivers: string[] }> = {
  "a sign of life": { when: ({ name }) => name === signOfLife, receivers: ["heartbeat"] },
  "critical, and wakes somebody": {
    when: ({ name, severity, pages = true }) => severity === "critical" && pages && name !== signOfLife,
    receivers: ["escalation", "paging"],
  },
  "critical, and wakes nobody": {
    when: ({ severity, pages = true }) => severity === "critical" && !pages,
    receivers: ["escalation", "team"],
  },
  warning: { when: ({ severity }) => severity === "warning", receivers: ["team"] },
  info: { when: ({ name, severity }) => severity === "info" && name !== signOfLife, receivers: ["chat"] },
};

const alerts = ruleSets.flatMap(({ subject, alerts: some = [] }) =>
  some.map((alert) => ({ ...alert, labels: { ...routingLabels(alert, subject), alertname: alert.name } })),
);

const { email, slack, pagerDuty } = everybody;
const partial: Record<string, Receivers> = {
  nobody,
  everybody,
  "Slack alone": { ...nobody, ...(slack && { slack }) },
  "e-mail alone": { ...nobody, email },
  "PagerDuty alone": { ...nobody, ...(pagerDuty && { pagerDuty }) },
  "a sign of life alone": { ...nobody, heartbeat: true },
};

describe.skipIf(!amtoolIsHere)("amtool", () => {
  it.each(Object.entries(partial))("accepts a configuration that tells %s", async (_, receivers) => {
    using configuration = writeConfiguration(receivers);
    const verdict = await askAmtool("check-config", configuration.file);
    expect(verdict, verdict.output).toMatchObject({ accepted: true });
  });

  it.each([
    ["receiver: team", "receiver: teem", "undefined receiver"],
    ["location: America/Toronto", "location: America/Torronto", "unknown time zone"],
    ["working-hours\n", "working-hour\n", "undefined"],
  ])("refuses %j as %j, so that its approval means something", async (right, wrong, problem) => {
    using configuration = writeConfiguration(everybody, (text) => text.replace(right, wrong));
    const { accepted, output } = await askAmtool("check-config", configuration.file);
    expect({ accepted, output }).toMatchObject({ accepted: false });
    expect(output).toContain(problem);
  });

  it("sends every alert to those whom its severity concerns", async () => {
    using configuration = writeConfiguration(everybody);
    const told = alerts.map(async ({ name, labels }) => [
      name,
      await receiversOf(configuration.file, labels),
    ]);
    const expected = alerts.map((alert) => [
      alert.name,
      Object.values(expectations).find(({ when }) => when(alert))?.receivers,
    ]);
    expect(Object.fromEntries(await Promise.all(told))).toEqual(Object.fromEntries(expected));
  });

  it("takes an alert that says nothing of itself for a warning", async () => {
    using configuration = writeConfiguration(everybody);
    expect(await receiversOf(configuration.file, { alertname: "Stranger" })).toEqual(["team"]);
  });

  it("sends nothing to those who are told later where nobody is named", async () => {
    using configuration = writeConfiguration({ ...nobody, email });
    expect(await receiversOf(configuration.file, { severity: "critical" })).toEqual(["paging"]);
  });
});

describe("every alert", () => {
  it.each(alerts.map((alert) => [alert.name, alert] as const))(
    "%s has one expectation of who is told",
    (_, alert) => {
      const fitting = Object.entries(expectations).filter(([, { when }]) => when(alert));
      expect(fitting.map(([kind]) => kind)).toHaveLength(1);
    },
  );
});
