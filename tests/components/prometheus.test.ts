import { describe, expect, it } from "vitest";
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
  diskGib: 20,
  resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
};
const prometheus = (args: Partial<PrometheusArgs> = {}) =>
  record(() => new Prometheus("prom", { ...sound, ...args }));

describe("Prometheus", () => {
  it("has a volume of its own, and lets the oldest samples go before it is full", async () => {
    const recording = await prometheus();
    expect(recording.named("prom-data").inputs).toMatchObject({
      metadata: { labels: { "whisper.platform/store": "volume", "whisper.platform/backup": "none" } },
      spec: { storageClassName: "do-block-storage", resources: { requests: { storage: "20Gi" } } },
    });
    const pod = JSON.stringify(recording.named("prom-stateful-set").inputs);
    expect(pod).toContain("--storage.tsdb.retention.time=15d");
    expect(pod).toContain("--storage.tsdb.retention.size=18432MB");
    expect(pod).toContain('"claimName":"prom"');
  });

  it("protects its history unless told otherwise", async () => {
    expect((await prometheus()).named("prom-data").protect).toBe(true);
    expect((await prometheus({ protect: false })).named("prom-data").protect).toBe(false);
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
