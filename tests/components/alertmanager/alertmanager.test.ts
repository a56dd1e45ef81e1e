import { describe, expect, it } from "vitest";
import { Alertmanager, type AlertmanagerArgs } from "../../../components/alertmanager/alertmanager.ts";
import { inhibitions } from "../../../components/alertmanager/inhibitions.ts";
import { ruleSets } from "../../../components/prometheus/rules/rule-sets.ts";
import { silence } from "../../../components/traffic/network-policy.ts";
import { record, refusalOf } from "../harness.ts";
import { everybody, nobody } from "./receivers.ts";

const secrets = {
  slack: "https://hooks.slack.com/services/T0/B0/secret-webhook",
  email: "secret-password",
  pagerDuty: "secret-routing-key",
  heartbeat: "https://heartbeat.example.com/secret-switch",
};
const sound: AlertmanagerArgs = {
  ownership: { environment: "production", owner: "platform-team", costCentre: "transcription" },
  namespace: { name: "monitoring", guards: [] },
  replicas: 2,
  receivers: everybody,
  secrets,
  traffic: silence,
};
const alertmanager = (args: Partial<AlertmanagerArgs> = {}) =>
  record(() => new Alertmanager("am", { ...sound, ...args }));

describe("Alertmanager", () => {
  it("keeps what is secret in a Secret, and nowhere else", async () => {
    const recording = await alertmanager();
    const secret = recording.named("am-secrets");
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    expect(secret.inputs.data).toEqual({
      "slack-webhook": base64(secrets.slack),
      "smtp-password": base64(secrets.email),
      "pagerduty-routing-key": base64(secrets.pagerDuty),
      "heartbeat-url": base64(secrets.heartbeat),
    });
    expect(secret.secretInputs).toContain("data");
    for (const { name, inputs } of recording.resources.filter(({ name }) => name !== "am-secrets")) {
      if (name === "am") continue;
      expect(JSON.stringify(inputs), name).not.toMatch(/secret-(webhook|password|routing-key|switch)/);
    }
    expect(recording.named("am").secretInputs).toContain("secrets");
  });

  it("knows its equals by name, and tells Prometheus where each of them is", async () => {
    const recording = await alertmanager();
    const pod = JSON.stringify(recording.named("am-stateful-set").inputs);
    for (const ordinal of [0, 1]) {
      expect(pod).toContain(`--cluster.peer=am-${ordinal}.am.monitoring.svc.cluster.local:9094`);
    }
    expect(recording.named("am-service").inputs).toMatchObject({
      spec: { clusterIP: "None", publishNotReadyAddresses: true },
    });
    expect(recording.result.addresses).toEqual([
      "am-0.am.monitoring.svc.cluster.local:9093",
      "am-1.am.monitoring.svc.cluster.local:9093",
    ]);
  });

  it("keeps what is silenced on a volume of each replica", async () => {
    const recording = await alertmanager();
    for (const ordinal of [0, 1]) {
      const claim = recording.named(`am-data-${ordinal}`);
      expect(claim).toMatchObject({ protect: true, inputs: { metadata: { name: `data-am-${ordinal}` } } });
    }
    expect(JSON.stringify(recording.named("am-stateful-set").inputs)).toContain(
      "--storage.path=/alertmanager",
    );
  });

  it("looks for no equals where it is alone, and needs no Secret where it tells nobody", async () => {
    const recording = await alertmanager({ replicas: 1, receivers: nobody, secrets: {} });
    const pod = JSON.stringify(recording.named("am-stateful-set").inputs);
    expect(pod).toContain('"--cluster.listen-address="');
    expect(pod).not.toContain("secret");
    const names = recording.resources.map(({ name }) => name);
    for (const absent of ["am-secrets", "am-disruption-budget", "am-data-1"]) {
      expect(names).not.toContain(absent);
    }
  });

  it("refuses half a way of telling, with all faults at once", async () => {
    const { message } = await refusalOf(
      () =>
        new Alertmanager("am", {
          ...sound,
          receivers: { ...nobody, slack: { channel: "#a" }, escalation: everybody.escalation },
          secrets: { pagerDuty: "secret-routing-key" },
        }),
    );
    for (const path of [
      "secrets.slack is missing",
      "receivers.pagerDuty is missing",
      "receivers.escalation is",
    ]) {
      expect(message).toContain(path);
    }
    expect(message).not.toContain("secret-routing-key");
  });
});

describe("Inhibitions", () => {
  const names = ruleSets.flatMap(({ alerts = [] }) => alerts.map(({ name }) => name));
  const chosen = inhibitions
    .flatMap(({ source_matchers: from, target_matchers: to }) => [...from, ...to])
    .flatMap((matcher) => /^alertname(?:!?=|=~)"(.+)"$/.exec(matcher)?.[1] ?? []);

  it("name alerts that there are", () => {
    expect(chosen.length).toBeGreaterThan(4);
    // The alternatives, but for those within parentheses.
    for (const pattern of chosen.flatMap((each) => each.split(/\|(?![^(]*\))/))) {
      const whole = new RegExp(`^(?:${pattern})$`);
      expect(
        names.some((name) => whole.test(name)),
        pattern,
      ).toBe(true);
    }
  });
});
