import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Prometheus, type PrometheusArgs } from "../../components/prometheus/prometheus.ts";
import { record, refusalOf } from "./harness.ts";

const sound: PrometheusArgs = {
  ownership: { environment: "staging", owner: "platform-team", costCentre: "transcription" },
  namespace: { name: "monitoring", guards: [] },
  targets: [{ name: "app", guards: [] }],
  traffic: {
    ingress: [],
    egress: [{ to: [{ ipBlock: { cidr: "10.16.0.0/16" } }], ports: [{ port: 9100 }] }],
  },
  historyTraffic: { ingress: [], egress: [] },
  diskGib: 20,
  series: 30_000,
  history: { diskGib: 5 },
};
const prometheus = (args: Partial<PrometheusArgs> = {}) =>
  record(() => new Prometheus("prom", { ...sound, ...args }));

/** The inputs of a StatefulSet whose container is promised this. */
const promised = (cpu: string, memory: string) => ({
  spec: { template: { spec: { containers: [{ resources: { requests: { cpu, memory } } }] } } },
});

describe("Prometheus", () => {
  it("has a volume of its own, and lets the oldest samples go before it is full", async () => {
    const recording = await prometheus();
    expect(recording.named("prom-data-0").inputs).toMatchObject({
      metadata: {
        name: "data-prom-0",
        labels: { "whisper.platform/store": "volume", "whisper.platform/backup": "none" },
      },
      spec: { storageClassName: "do-block-storage", resources: { requests: { storage: "20Gi" } } },
    });
    const pod = JSON.stringify(recording.named("prom-stateful-set").inputs);
    expect(pod).toContain("--storage.tsdb.retention.time=15d");
    expect(pod).toContain("--storage.tsdb.retention.size=18432MB");
  });

  it("asks managed databases with a password that is in a Secret and nowhere else, and follows a new one by itself", async () => {
    const metrics = (engine: "pg" | "valkey", host: string, password: string) => ({
      engine,
      host: pulumi.output(host),
      port: 9273,
      user: pulumi.output("metrics"),
      password: pulumi.secret(password),
      caCertificate: pulumi.output("PEM of the account"),
    });
    const asking = (password: string) =>
      prometheus({
        databases: {
          "whisper-staging-postgres": metrics("pg", "pg.private", password),
          "whisper-staging-valkey": metrics("valkey", "valkey.private", password),
          "whisper-staging-cache": metrics("valkey", "cache.private", password),
        },
      });
    const recording = await asking("s3cret");
    const { data } = recording.named("prom-configuration").inputs as { data: Record<string, string> };
    const { scrape_configs: jobs } = parse(data["prometheus.yml"] ?? "");
    const ofDatabases = jobs.filter(({ scheme }: { scheme?: string }) => scheme === "https").slice(-2);
    expect(ofDatabases).toMatchObject([
      {
        job_name: "managed-postgres",
        basic_auth: { username: "metrics", password_file: "/etc/prometheus-secrets/databases-password" },
        tls_config: { ca_file: "/etc/prometheus-secrets/databases-ca.crt" },
        static_configs: [{ targets: ["pg.private:9273"], labels: { instance: "whisper-staging-postgres" } }],
      },
      {
        job_name: "managed-valkey",
        static_configs: [
          { targets: ["valkey.private:9273"], labels: { instance: "whisper-staging-valkey" } },
          { targets: ["cache.private:9273"], labels: { instance: "whisper-staging-cache" } },
        ],
      },
    ]);

    const { inputs, secretInputs } = recording.named("prom-database-access");
    const files = Object.entries(inputs.data as Record<string, string>).map(([file, text]) => [
      file,
      Buffer.from(text, "base64").toString(),
    ]);
    expect(Object.fromEntries(files)).toEqual({
      "databases-password": "s3cret",
      "databases-ca.crt": "PEM of the account\n",
    });
    expect(secretInputs).toEqual(["data"]);
    const others = recording.resources.filter(({ name }) => name !== "prom-database-access");
    expect(JSON.stringify(others)).not.toContain("s3cret");

    const pod = (each: typeof recording) => each.named("prom-stateful-set").inputs;
    expect(pod(await asking("another"))).toEqual(pod(recording));
    expect(JSON.stringify(pod(recording))).toContain('"secretName":"prom"');
    expect(JSON.stringify(pod(await prometheus()))).not.toContain("secretName");
  });

  it("protects its history unless told otherwise", async () => {
    const protectedOf = async (args: Partial<PrometheusArgs> = {}) => {
      const recording = await prometheus(args);
      return ["prom-data-0", "prom-history-data-0"].map((claim) => recording.named(claim).protect);
    };
    expect(await protectedOf()).toEqual([true, true]);
    expect(await protectedOf({ protect: false })).toEqual([false, false]);
  });

  it("is as large as its series are many", async () => {
    const memoryOf = async (series: number) =>
      (await prometheus({ series, diskGib: 1_000 })).named("prom-stateful-set").inputs;
    expect(await memoryOf(20_000)).toMatchObject(promised("200m", "512Mi"));
    expect(await memoryOf(200_000)).toMatchObject(promised("500m", "1920Mi"));
  });

  it("is there twice where wanted, each with a volume, and one is left while the other is drained", async () => {
    const recording = await prometheus({ replicas: 2 });
    expect(recording.named("prom-stateful-set").inputs).toMatchObject({ spec: { replicas: 2 } });
    for (const claim of ["prom-data-0", "prom-data-1", "prom-disruption-budget"]) {
      expect(recording.named(claim)).toBeDefined();
    }
    expect((await prometheus()).ofType("PodDisruptionBudget")).toEqual([]);
  });

  it("has a second one that keeps for a quarter of a year what the rules record, and asks Kubernetes nothing", async () => {
    const recording = await prometheus();
    const { inputs } = recording.named("prom-history-stateful-set");
    expect(JSON.stringify(inputs)).toContain("--storage.tsdb.retention.time=90d");
    expect(JSON.stringify(inputs)).toContain("--config.file=/etc/prometheus/history.yml");
    expect(inputs).toMatchObject({ spec: { template: { spec: { automountServiceAccountToken: false } } } });
    const configuration = JSON.stringify(recording.named("prom-configuration").inputs);
    expect(configuration).toContain("prom.monitoring.svc.cluster.local:9090");
    expect(configuration).toContain("prom-history.monitoring.svc.cluster.local:9090");
  });

  it("refuses samples for longer than its disk holds them", async () => {
    // 100,000 series x 43,200 samples x 2 bytes are 8.0 GiB, with a tenth of air 9.
    const sizing = { series: 100_000, retentionDays: 15 };
    await prometheus({ ...sizing, diskGib: 9 });
    const { message } = await refusalOf(
      () => new Prometheus("prom", { ...sound, ...sizing, diskGib: 8, history: { diskGib: 2 } }),
    );
    expect(message).toContain(
      "- diskGib is 8, and 15 days of 100000 series, each asked for every 30 s, take 9 GiB",
    );
    expect(message).toContain("- history.diskGib is 2, and 90 days of 10000 series");
  });

  it("sees pods where it collects, and of the rest of the cluster the nodes and their kubelets' metrics alone", async () => {
    const recording = await prometheus();
    const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] };
    expect(recording.named("prom-pods-role").inputs).toMatchObject({ rules: [pods] });
    expect(recording.named("prom-nodes-role").inputs).toMatchObject({
      rules: [
        { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
        { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      ],
    });
    const account = { kind: "ServiceAccount", name: "prom", namespace: "monitoring" };
    expect(recording.ofType("ClusterRoleBinding").map(({ inputs }) => inputs)).toMatchObject([
      { roleRef: { name: "prom-nodes" }, subjects: [account] },
    ]);
    expect(recording.named("prom-binding-in-app").inputs).toMatchObject({
      metadata: { namespace: "app" },
      roleRef: { kind: "ClusterRole", name: "prom-pods" },
      subjects: [account],
    });
  });

  it("collects from machines too, and reaches what its traffic says", async () => {
    const recording = await prometheus({
      machines: { "gpu-worker": { addresses: ["10.16.0.4", "10.16.0.5"], port: 9100 } },
    });
    expect(JSON.stringify(recording.named("prom-configuration").inputs)).toContain("10.16.0.5:9100");
    expect(JSON.stringify(recording.named("prom-traffic").inputs)).toContain(
      '"egress":[{"ports":[{"port":9100}],"to":[{"ipBlock":{"cidr":"10.16.0.0/16"}}]}]',
    );
  });

  it("tells all faults of its arguments at once", async () => {
    const { message } = await refusalOf(
      () => new Prometheus("prom", { ...sound, targets: [], diskGib: 0, retentionDays: 365 }),
    );
    for (const path of ["targets", "diskGib", "retentionDays"]) expect(message).toContain(`- ${path} is`);
  });
});
