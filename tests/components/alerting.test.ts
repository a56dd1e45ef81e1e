import { describe, expect, it } from "vitest";
import { Alerting, type AlertingArgs } from "../../components/alerting/alerting.ts";
import { dropletRules } from "../../components/alerting/rules.ts";
import { watchedDatabase } from "./fixtures.ts";
import { record } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const emails = ["on-call@example.com"];
const slack = { slackChannel: "#alerts", slackWebhook: "https://hooks.slack.com/services/x" };
const make = (args: Partial<AlertingArgs> = {}) => new Alerting("alerts", { emails, ...args });
const alerting = (args?: Partial<AlertingArgs>) => record(() => make(args));

describe("alerting", () => {
  it("watches nothing it was not told to watch", async () => {
    expect((await alerting()).names()).toEqual(["alerts"]);
  });

  it("asks for an endpoint from all over the world, and tells when it is away, slow or about to expire", async () => {
    const recording = await alerting({ endpoints: { api: "https://api.example.com/health" } });
    expect(recording.named("alerts-api").inputs).toEqual({
      name: "alerts-api",
      type: "https",
      target: "https://api.example.com/health",
      regions: ["us_east", "us_west", "eu_west", "se_asia"],
      enabled: true,
    });
    const alerts = recording.ofType("UptimeAlert").map(({ inputs }) => inputs);
    expect(alerts).toMatchObject([
      { type: "down_global", period: "2m" },
      { type: "latency", comparison: "greater_than", threshold: 2000 },
      { type: "ssl_expiry", comparison: "less_than", threshold: 30 },
    ]);
    for (const alert of alerts) {
      expect(alert).toMatchObject({ checkId: "alerts-api-id", notifications: [{ emails, slacks: [] }] });
    }
  });

  it("watches droplets by tag and databases by id, each alert found by its description", async () => {
    const recording = await alerting({
      dropletTags: ["gpu-members"],
      databases: { postgres: watchedDatabase() },
    });
    const monitors = recording.ofType("MonitorAlert");
    expect(monitors).toHaveLength(Object.keys(dropletRules).length + 1);
    for (const { name, inputs } of monitors) {
      expect(inputs.description).toMatch(new RegExp(`^${name}: (warning|critical): `));
      expect(inputs).toMatchObject(
        name.includes("droplet") ? { tags: ["gpu-members"] } : { entities: ["db-id"] },
      );
    }
  });

  it("tells Slack too, and shows nobody the webhook", async () => {
    const recording = await alerting({ ...slack, databases: { postgres: watchedDatabase() } });
    expect(recording.named("alerts").secretInputs).toEqual(["slackWebhook"]);
    expect(recording.named("alerts-postgres-disk").secretInputs).toEqual(["alerts"]);
    expect(recording.named("alerts-postgres-disk").inputs).toMatchObject({
      value: 85,
      alerts: { emails, slacks: [{ channel: "#alerts", url: slack.slackWebhook }] },
    });
  });

  itRefuses<AlertingArgs>(make, [
    ["nobody to tell", { emails: [] }, ["emails"]],
    ["what is no address", { emails: ["on-call"] }, ["emails[0]"]],
    ["an endpoint without TLS", { endpoints: { api: "http://api.example.com" } }, ["endpoints.api"]],
    ["a channel without its webhook", { slackChannel: "#alerts" }, ["slackWebhook"]],
    ["a webhook without its channel", { slackWebhook: slack.slackWebhook }, ["slackChannel"]],
  ]);
});
