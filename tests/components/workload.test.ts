import { describe, expect, it } from "vitest";
import type { NamespacePlacement } from "../../components/namespace/placement.ts";
import { restrictedPod } from "../../components/workload/pod.ts";
import { Workload, type WorkloadArgs } from "../../components/workload/workload.ts";
import { record, refusalOf } from "./harness.ts";

const namespace: NamespacePlacement = { name: "app", imagePullSecret: "app-registry", guards: [] };
const sound: WorkloadArgs = {
  ownership: { environment: "staging", owner: "platform-team", costCentre: "transcription" },
  component: "web",
  namespace,
  replicas: 2,
  pod: {
    containers: [
      {
        name: "web",
        image: "registry.example.com/web:1.0.0",
        resources: { cpu: "100m", cpuLimit: "1", memory: "256Mi" },
        ports: { http: 3000 },
        health: { path: "/", port: 3000 },
      },
    ],
  },
};
const workload = (args: Partial<WorkloadArgs> = {}) =>
  record(() => new Workload("web", { ...sound, ...args }));

describe("a workload", () => {
  it("is a Deployment with its own account, network policy and disruption budget", async () => {
    const { resources } = await workload();
    expect(resources.map(({ type, name }) => [type.split(":").at(-1), name])).toEqual([
      ["Workload", "web"],
      ["ServiceAccount", "web-account"],
      ["NetworkPolicy", "web-traffic"],
      ["Deployment", "web-deployment"],
      ["PodDisruptionBudget", "web-disruption-budget"],
    ]);
    expect(resources.slice(1).every(({ parent }) => parent === "web")).toBe(true);
  });

  it("rolls without a gap, as its own account, with the namespace's pull secret", async () => {
    const deployment = (await workload()).named("web-deployment").inputs;
    expect(deployment).toMatchObject({
      metadata: { name: "web", namespace: "app" },
      spec: {
        replicas: 2,
        strategy: { rollingUpdate: { maxUnavailable: 0 } },
        template: {
          spec: { serviceAccountName: "web", imagePullSecrets: [{ name: "app-registry" }] },
        },
      },
    });
  });

  it("chooses its pods by labels that the pods bear", async () => {
    const recording = await workload({ servicePort: 3000 });
    const { spec } = recording.named("web-deployment").inputs as {
      spec: { selector: { matchLabels: object }; template: { metadata: { labels: object } } };
    };
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    expect(recording.named("web-service").inputs).toMatchObject({
      spec: { selector: spec.selector.matchLabels },
    });
    expect(recording.named("web-traffic").inputs).toMatchObject({ spec: { podSelector: spec.selector } });
    expect(recording.named("web-disruption-budget").inputs).toMatchObject({
      spec: { selector: spec.selector },
    });
  });

  it("leaves the count to the autoscaler when it has a range", async () => {
    const recording = await workload({ replicas: { minimum: 2, maximum: 5 } });
    const { spec } = recording.named("web-deployment").inputs as { spec: object };
    expect(spec).not.toHaveProperty("replicas");
    expect(recording.named("web-autoscaler").inputs).toMatchObject({
      spec: { minReplicas: 2, maxReplicas: 5, scaleTargetRef: { kind: "Deployment", name: "web" } },
    });
  });

  it("leaves alone what a release has set", async () => {
    const deployment = (await workload({ releaseOwned: ["replicas", "image"] })).named("web-deployment");
    expect(deployment.ignoreChanges).toEqual(["spec.replicas", "spec.template.spec.containers[0].image"]);
  });

  it("speaks to nobody, and nobody to it, until its traffic says otherwise", async () => {
    const to = [{ ipBlock: { cidr: "10.16.0.0/16" } }];
    const specOf = async (args: Partial<WorkloadArgs>) =>
      (await workload(args)).named("web-traffic").inputs.spec;
    const closed = { policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] };
    expect(await specOf({})).toMatchObject(closed);
    const traffic = { ingress: [], egress: [{ to, ports: [{ port: 25_061 }] }] };
    expect(await specOf({ traffic })).toMatchObject({ ...closed, ...traffic });
  });

  it("tells all faults of its arguments at once", async () => {
    const container = sound.pod.containers[0];
    if (!container) throw new Error("the sound workload has a container");
    const refusal = await refusalOf(
      () =>
        new Workload("web", {
          ...sound,
          replicas: { minimum: 3, maximum: 2, targetCpuPercent: 5 },
          pod: { containers: [{ ...container, image: "web:latest" }] },
        }),
    );
    expect(refusal.message).toContain("The arguments of web have 3 faults");
    expect(refusal.message).toContain("replicas.maximum is 2");
    expect(refusal.message).toContain("replicas.targetCpuPercent is 5");
    expect(refusal.message).toContain('"web:latest", which names no fixed version');
  });
});

describe("a restricted pod", () => {
  const pod = restrictedPod({ ...sound.pod, serviceAccount: "web" });

  it("may do nothing it does not need", () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "256Mi" } },
        },
      ],
    });
  });

  it("goes to its pool, and to nodes whose GPUs it asks for", () => {
    const gpus = { brand: "nvidia", count: 2 } as const;
    const containers = sound.pod.containers.map((container) => ({
      ...container,
      resources: { ...container.resources, gpus },
    }));
    expect(restrictedPod({ containers, serviceAccount: "web", pool: "gpu" })).toMatchObject({
      nodeSelector: { "whisper.platform/pool": "gpu" },
      tolerations: [
        { key: "whisper.platform/pool", operator: "Equal", value: "gpu", effect: "NoSchedule" },
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      ],
      containers: [{ resources: { limits: { "nvidia.com/gpu": "2" } } }],
    });
    expect(pod).not.toHaveProperty("tolerations");
  });

  it("is probed at its start, for readiness and for life", () => {
    expect(pod).toMatchObject({
      containers: [
        {
          startupProbe: { httpGet: { path: "/", port: 3000 }, failureThreshold: 12 },
          readinessProbe: { httpGet: { path: "/", port: 3000 } },
          livenessProbe: { httpGet: { path: "/", port: 3000 } },
        },
      ],
    });
  });

  it("writes to its scratch folders only, which are bounded", () => {
    expect(pod).toMatchObject({
      volumes: [{ name: "web-tmp", emptyDir: { sizeLimit: "512Mi" } }],
      containers: [{ volumeMounts: [{ name: "web-tmp", mountPath: "/tmp" }] }],
    });
  });
});
