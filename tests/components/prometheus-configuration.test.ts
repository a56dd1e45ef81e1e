import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { rulesFile, scrapeConfiguration } from "../../components/prometheus/configuration.ts";
import { historyConfiguration } from "../../components/prometheus/history.ts";
import { serviceAccountFolder } from "../../components/prometheus/jobs/job.ts";
import { renderRules } from "../../components/prometheus/rules/render.ts";
import { ruleSets } from "../../components/prometheus/rules/rule-sets.ts";
import { askPromtool } from "./prometheus/rules/promtool.ts";

const configuration = scrapeConfiguration({
  environment: "staging",
  namespaces: ["whisper-staging-application", "whisper-staging-edge"],
  machines: { "gpu-worker": ["10.16.0.4:9100"] },
  alertmanagers: ["alertmanager-0.alertmanager:9093", "alertmanager-1.alertmanager:9093"],
  probes: { prober: "blackbox:9115", module: "site", addresses: ["https://whisper.example.com"] },
  certificates: { prober: "blackbox:9115", module: "certificate", addresses: ["graph.stores:7687"] },
  scrapeIntervalSeconds: 30,
});

const rules = renderRules(ruleSets, { runbooks: "docs/runbooks" });

/** What pods have in them: promtool wants the files to be there. */
const files = { token: "token", "ca.crt": rootCertificates[0] ?? "" };

/** What promtool says of a configuration and its rules; undefined when there is no promtool here. */
const verdictOfPromtool = (prometheusYml: string, rulesYml: string) =>
  askPromtool(
    { ...files, "prometheus.yml": prometheusYml, [rulesFile]: rulesYml },
    "check",
    "config",
    "prometheus.yml",
  );

const promtoolIsHere = verdictOfPromtool("{}", "groups: []") !== undefined;
if (!promtoolIsHere) {
  process.stderr.write(
    "NOT RUN: promtool is not installed, so nobody judges Prometheus' configuration and rules\n",
  );
}

/** Debian builds promtool without the discovery of pods: there, everything else is judged. */
const discovery = "kubernetes_sd_configs";
const knowsDiscovery =
  verdictOfPromtool(`scrape_configs: [{ job_name: a, ${discovery}: [{ role: pod }] }]`, "groups: []")
    ?.accepted === true;

function judgeable(configured: string): string {
  const prometheusYml = configured.replaceAll(`${serviceAccountFolder}/`, "");
  if (knowsDiscovery) return prometheusYml;
  process.stderr.write(
    "NOT JUDGED: this promtool is Debian's, which does not know how pods are discovered\n",
  );
  const document = parse(prometheusYml);
  for (const job of document.scrape_configs) delete job[discovery];
  return stringify(document);
}

describe.skipIf(!promtoolIsHere)("promtool", () => {
  it("accepts the configuration and its rules", () => {
    const verdict = verdictOfPromtool(judgeable(configuration), rules);
    expect(verdict, verdict?.output).toMatchObject({ accepted: true });
  });

  it("accepts the configuration of the one that keeps aggregates", () => {
    const place = { metadata: { name: "prometheus", namespace: "monitoring", labels: {} } };
    const verdict = verdictOfPromtool(historyConfiguration(place, 9090), "groups: []");
    expect(verdict, verdict?.output).toMatchObject({ accepted: true });
  });

  it("refuses a broken rule, so that its approval means something", () => {
    expect(verdictOfPromtool(judgeable(configuration), rules.replace("up == 0", "up === 0"))).toMatchObject({
      accepted: false,
    });
  });
});

describe("the scrape configuration", () => {
  it("looks only into the namespaces it was given", () => {
    const pods = parse(configuration).scrape_configs.find(
      (job: { job_name: string }) => job.job_name === "pods",
    );
    expect(pods.kubernetes_sd_configs).toEqual([
      { role: "pod", namespaces: { names: ["whisper-staging-application", "whisper-staging-edge"] } },
    ]);
  });

  it("tells every Alertmanager all alerts, and asks each how it is", () => {
    const { alerting, scrape_configs } = parse(configuration);
    const targets = ["alertmanager-0.alertmanager:9093", "alertmanager-1.alertmanager:9093"];
    expect(alerting).toMatchObject({ alertmanagers: [{ static_configs: [{ targets }] }] });
    expect(scrape_configs).toContainEqual(
      expect.objectContaining({ job_name: "alertmanager", static_configs: [{ targets }] }),
    );
  });

  it("says of two replicas which it is, and in an alert nothing of it, so that the same of both is one", () => {
    const { global, alerting } = parse(configuration);
    expect(global.external_labels).toEqual({ environment: "staging", replica: `\${POD_NAME}` });
    expect(alerting.alert_relabel_configs).toEqual([{ regex: "replica", action: "labeldrop" }]);
  });

  it("never waits longer for an answer than until the next question", () => {
    const { global } = parse(
      scrapeConfiguration({
        environment: "staging",
        namespaces: ["a"],
        machines: {},
        alertmanagers: [],
        scrapeIntervalSeconds: 5,
      }),
    );
    expect(global).toMatchObject({ scrape_interval: "5s", scrape_timeout: "5s" });
  });
});
