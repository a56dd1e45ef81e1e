import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { rulesFile, scrapeConfiguration } from "../../components/prometheus/configuration.ts";
import { rules } from "../../components/prometheus/rules.ts";

const configuration = scrapeConfiguration({
  environment: "staging",
  namespaces: ["whisper-staging-application", "whisper-staging-edge"],
  machines: { "gpu-worker": ["10.16.0.4:9100"] },
  scrapeIntervalSeconds: 30,
});

/** What promtool says of a configuration and its rules; undefined when there is no promtool here. */
function verdictOfPromtool(
  prometheusYml: string,
  rulesYml: string,
): { accepted: boolean; output: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  try {
    writeFileSync(join(folder, "prometheus.yml"), prometheusYml);
    writeFileSync(join(folder, rulesFile), rulesYml);
    const run = spawnSync("promtool", ["check", "config", join(folder, "prometheus.yml")], {
      encoding: "utf8",
    });
    return run.error ? undefined : { accepted: run.status === 0, output: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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

function judgeable(prometheusYml: string): string {
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
    const verdict = verdictOfPromtool(judgeable(configuration), rules());
    expect(verdict, verdict?.output).toMatchObject({ accepted: true });
  });

  it("refuses a broken rule, so that its approval means something", () => {
    expect(verdictOfPromtool(judgeable(configuration), rules().replace("up == 0", "up === 0"))).toMatchObject(
      {
        accepted: false,
      },
    );
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

  it("never waits longer for an answer than until the next question", () => {
    const { global } = parse(
      scrapeConfiguration({
        environment: "staging",
        namespaces: ["a"],
        machines: {},
        scrapeIntervalSeconds: 5,
      }),
    );
    expect(global).toMatchObject({ scrape_interval: "5s", scrape_timeout: "5s" });
  });
});

describe("the alerts", () => {
  const alerts: { alert?: string; for?: string; labels?: object; annotations?: object }[] = parse(rules())
    .groups.flatMap((group: { rules: object[] }) => group.rules)
    .filter((rule: object) => "alert" in rule);

  it("each say how bad it is, what it is and what it means", () => {
    for (const alert of alerts) {
      expect(alert).toMatchObject({
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
        annotations: { summary: expect.any(String), description: expect.any(String) },
      });
    }
  });

  it("are named once each", () => {
    const names = alerts.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
  });

  it("page for a service that is down after a minute, by what a pod and a machine both have", () => {
    const down = alerts.find(({ alert }) => alert === "ServiceDown");
    expect(down).toMatchObject({ for: "1m", labels: { severity: "critical" } });
    const labels = [...JSON.stringify(down?.annotations).matchAll(/\$labels\.(\w+)/g)].map(
      ([, label]) => label,
    );
    expect(new Set(labels)).toEqual(new Set(["job", "instance"]));
  });
});
