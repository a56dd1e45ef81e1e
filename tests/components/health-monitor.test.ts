import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { HealthMonitor } from "../../components/health-monitor/health-monitor.ts";
import { checksFromWithin } from "../../platform/health/inside/plan.ts";
import { readSettings } from "../../platform/health/inside/settings.ts";
import { healthMonitorArgs } from "./fixtures.ts";
import { record } from "./harness.ts";

const name = "whisper-staging-health-monitor";
const recorded = (args = {}) => record(() => new HealthMonitor(name, { ...healthMonitorArgs(), ...args }));

it("writes down whom to ask as its image reads it, in a Secret alone", async () => {
  const { resources } = await recorded();
  const [secret] = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
  const data = z.record(z.string(), z.string()).parse(secret?.inputs.data);
  const text = Buffer.from(data["settings.json"] ?? "", "base64").toString("utf8");
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  const file = join(folder, "settings.json");
  try {
    writeFileSync(file, text);
    const settings = await readSettings(file);
    const asked = checksFromWithin(settings, { read: () => Promise.reject(new Error("not asked")) });
    expect(asked.map(({ subject, name: of }) => `${subject} ${of}`)).toEqual([
      "api site",
      "api api",
      "database whisper-staging-postgres",
      "cache whisper-staging-valkey",
      "queue whisper-staging-valkey",
      "storage media",
      "certificates whisper.example.com",
      "certificates api.whisper.example.com",
      "cluster nodes",
      "cluster workloads",
      "monitoring whisper-staging-prometheus",
    ]);

    writeFileSync(file, text.replace('"environment"', '"surroundings"'));
    const refused = await readSettings(file).catch((error: Error) => error.message);
    expect(refused).toContain("environment");
    expect(refused).not.toContain("password");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("runs every five minutes, once more when it has failed, and as an account that may list and nothing else", async () => {
  const { resources } = await recorded();
  const of = (type: string) => resources.find((each) => each.type === `kubernetes:${type}`)?.inputs;
  expect(of("batch/v1:CronJob")?.spec).toMatchObject({
    schedule: "*/5 * * * *",
    concurrencyPolicy: "Forbid",
    jobTemplate: { spec: { backoffLimit: 1, activeDeadlineSeconds: 120, ttlSecondsAfterFinished: 360 } },
  });
  const lists = z.array(z.string());
  const rules = z
    .array(z.object({ resources: lists, verbs: lists }))
    .parse(of("rbac.authorization.k8s.io/v1:ClusterRole")?.rules);
  expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["list"]));
  expect(rules.flatMap(({ resources: kinds }) => kinds).sort()).toEqual([
    "daemonsets",
    "deployments",
    "nodes",
    "statefulsets",
  ]);
});

it("refuses an interval that its alert would take for silence", async () => {
  await expect(recorded({ intervalMinutes: 30 })).rejects.toThrow(/intervalMinutes.*is 30/s);
});
