import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Deployment } from "../../stacks/deployment.ts";
import { composePlatform, type Platform } from "../../stacks/platform.ts";
import type { Posture } from "../../stacks/posture.ts";
import { production } from "../../stacks/production.ts";
import { staging } from "../../stacks/staging.ts";
import { type Recorded, type Recording, record } from "../components/harness.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

const deploymentOf = (environment: string): Deployment => ({
  environment,
  domain: `${environment}.example.com`,
  region: "tor1",
  backupRegion: "nyc3",
  owner: "platform-team",
  costCentre: "transcription",
  bucketSuffix: "k7f2q",
  images: {
    api: "registry.digitalocean.com/whisper/api:1.0.0",
    web: "registry.digitalocean.com/whisper/web:1.0.0",
    worker: "registry.digitalocean.com/whisper/worker:1.0.0",
    healthMonitor: "registry.digitalocean.com/whisper/health-monitor:0.1.0",
  },
  pinImages: false,
  adminCidrs: ["203.0.113.0/24"],
  operators: { ada: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1Gx7hCn9K8Zb5cYc0m7c8l3oYt4wq2u6nXo1vE9sRk" },
  alerts: {
    emails: ["on-call@example.com"],
    workingHours: { timeZone: "UTC", from: "09:00", to: "18:00" },
  },
  neo4jLicence: "eval",
  decommissioned: false,
});

const compose = (posture: Posture, deployment: Deployment) =>
  record(() => composePlatform(deployment, posture));

const recordings: Record<string, Recording<Platform>> = {};
const recordingOf = (environment: string) => {
  const recording = recordings[environment];
  if (!recording) throw new Error(`${environment} was not composed`);
  return recording;
};

beforeAll(async () => {
  recordings.staging = await compose(staging, deploymentOf("staging"));
  recordings.production = await compose(production, deploymentOf("production"));
});

const stores = [
  "DatabaseCluster",
  "DatabaseDb",
  "SpacesBucket",
  "ContainerRegistries",
  "PersistentVolumeClaim",
];
const storesOf = (recording: Recording<unknown>): Recorded[] =>
  stores.flatMap((type) => recording.ofType(type));

describe.each(["staging", "production"])("%s", (environment) => {
  it("gives every resource a name that begins with the environment's", () => {
    for (const { name } of recordingOf(environment).resources.filter(
      ({ type }) => !type.startsWith("pulumi:pulumi"),
    )) {
      expect(name).toMatch(new RegExp(`^whisper-${environment}-`));
    }
  });

  it("gives Kubernetes objects of one kind and namespace different names", () => {
    const identities = recordingOf(environment)
      .resources.filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ type, inputs }) => JSON.stringify([type, inputs.metadata]));
    expect(new Set(identities).size).toBe(identities.length);
  });

  it("leaves nothing to the default provider of Kubernetes: every object waits for its namespace's guards", () => {
    const objects = recordingOf(environment).resources.filter(
      ({ type }) =>
        type.startsWith("kubernetes:") &&
        !/:(Namespace|PriorityClass|ClusterRole|ClusterRoleBinding)$/.test(type),
    );
    expect(objects.length).toBeGreaterThan(40);
    for (const { inputs } of objects) {
      expect(inputs).toMatchObject({
        metadata: { namespace: expect.stringMatching(`^whisper-${environment}-`) },
      });
    }
  });

  it("lets the databases trust the cluster and the GPU workers, and nobody else", () => {
    for (const { inputs } of recordingOf(environment).ofType("DatabaseFirewall")) {
      expect(inputs.rules).toEqual([
        { type: "k8s", value: `whisper-${environment}-cluster-cluster-id` },
        { type: "tag", value: `whisper-${environment}-gpu-firewall-members` },
      ]);
    }
  });

  it("puts into the project everything that can be in one", () => {
    const recording = recordingOf(environment);
    const kinds = {
      droplet: "Droplet",
      dbaas: "DatabaseCluster",
      domain: "Domain",
      kubernetes: "digitalocean:index/kubernetesCluster:KubernetesCluster",
      space: "SpacesBucket",
      volume: "Volume",
      loadbalancer: "LoadBalancer",
      floatingip: "ReservedIp",
      vpc: "Vpc",
    };
    const members = Object.entries(kinds).flatMap(([kind, type]) =>
      recording.ofType(type).map(({ name }) => `do:${kind}:${name}`),
    );
    const [resources] = recording
      .ofType("ProjectResources")
      .map(({ inputs }) => inputs.resources as string[]);
    expect(resources?.toSorted()).toEqual(members.sort());
  });

  it("runs the migrations before anything of the application", () => {
    const job = `whisper-${environment}-app-migrations-job`;
    const deployments = recordingOf(environment)
      .ofType("Deployment")
      .filter(({ name }) => name.includes("-app-"));
    expect(deployments.map(({ name }) => name).sort()).toEqual(
      ["api-candidate", "api", "web", "worker"].map(
        (part) => `whisper-${environment}-app-${part}-deployment`,
      ),
    );
    for (const { dependsOn } of deployments) expect(dependsOn).toContain(job);
  });
});

describe("how the environments differ", () => {
  it("only production protects its stores, and staging can be emptied", () => {
    expect(storesOf(recordingOf("production")).every(({ protect }) => protect)).toBe(true);
    expect(storesOf(recordingOf("staging")).some(({ protect }) => protect)).toBe(false);
    for (const { inputs } of recordingOf("staging").ofType("SpacesBucket")) {
      expect(inputs.forceDestroy).toBe(true);
    }
  });

  it("production has a twin of everything that fails alone", () => {
    const recording = recordingOf("production");
    const cluster = recording.ofType("digitalocean:index/kubernetesCluster:KubernetesCluster");
    expect(cluster.map(({ inputs }) => inputs.ha)).toEqual([true]);
    for (const { inputs } of recording.ofType("DatabaseCluster")) expect(inputs.nodeCount).toBeGreaterThan(1);
    expect(recording.ofType("VpcNatGateway")).toHaveLength(1);
    expect(recording.ofType("HorizontalPodAutoscaler")).toHaveLength(3);
  });

  it("the address ranges do not touch, so that the networks can be joined one day", () => {
    const ranges = ["staging", "production"].map(
      (environment) => recordingOf(environment).ofType("Vpc")[0]?.inputs.ipRange,
    );
    expect(new Set(ranges).size).toBe(2);
  });
});

describe("decommissioning", () => {
  it("lifts the protection of every store and lets its buckets go with their objects", async () => {
    const recording = await compose(production, { ...deploymentOf("production"), decommissioned: true });
    expect(storesOf(recording).some(({ protect }) => protect)).toBe(false);
    for (const { inputs } of recording.ofType("SpacesBucket")) expect(inputs.forceDestroy).toBe(true);
  });
});

describe("an environment whose GPU pool is elastic", () => {
  const elastic: Posture = {
    ...staging,
    gpuPool: {
      mode: "elastic",
      size: "gpu-l40sx1-48gb",
      floor: 1,
      ceiling: 3,
      budgetUsdPerDay: 80,
      jobsPerDropletHour: 12,
    },
  };
  let recording: Recording<Platform>;
  beforeAll(async () => {
    const deployment = deploymentOf("staging");
    const images = { ...deployment.images, gpuPoolController: "registry.digitalocean.com/whisper/gpc:0.1.0" };
    recording = await record(() =>
      composePlatform(
        {
          ...deployment,
          images,
          gpuPoolToken: pulumi.secret("token-of-the-controller"),
          gpuSecretsToken: pulumi.secret("token-of-the-delivery"),
          gpuLogTarget: "logs.example.com",
        },
        elastic,
      ),
    );
  });

  it("has an autoscale pool in place of droplets, and a controller in a namespace of its own", () => {
    expect(recording.ofType("Droplet")).toEqual([]);
    expect(recording.ofType("DropletAutoscale").map(({ name }) => name)).toEqual(["whisper-staging-gpu-g1"]);
    const controller = recording.named("whisper-staging-gpu-controller-workload-deployment");
    expect(controller.inputs.metadata).toMatchObject({ namespace: "whisper-staging-gpu-control" });
  });

  it("sends the droplets' logs where the operator says, and lets them out there", () => {
    const [pool] = recording.ofType("DropletAutoscale");
    expect(JSON.stringify(pool?.inputs)).toContain("60-whisper.conf");
    const outbound = JSON.stringify(
      recording.named("whisper-staging-gpu-firewall-rules").inputs.outboundRules,
    );
    expect(outbound).toContain('"portRange":"6514"');
  });

  it("lets the controller reach the queue and the internet, and Prometheus reach the controller", () => {
    const { spec } = recording.named("whisper-staging-gpu-controller-workload-traffic").inputs;
    expect(spec).toMatchObject({
      ingress: [{ from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } }] }],
      egress: expect.arrayContaining([
        { to: [{ ipBlock: { cidr: "10.16.0.0/16" } }], ports: [{ protocol: "TCP", port: 25061 }] },
      ]),
    });
  });

  it("has its secrets delivered, and its droplets let go, from a namespace that alone of all reaches their SSH", () => {
    const delivery = recording.named("whisper-staging-gpu-secrets-delivery-workload-deployment");
    expect(delivery.inputs.metadata).toMatchObject({ namespace: "whisper-staging-gpu-secrets" });
    const callers = recording
      .ofType("NetworkPolicy")
      .filter(({ inputs }) => /"port":22[,}]/.test(JSON.stringify(inputs.spec)));
    expect(callers.map(({ name }) => name)).toEqual([
      "whisper-staging-gpu-secrets-delivery-workload-traffic",
      "whisper-staging-gpu-rollout-traffic",
    ]);
    const [, rollout] = callers;
    expect(rollout?.inputs.spec).toMatchObject({
      ingress: [],
      egress: expect.arrayContaining([
        {
          to: [{ ipBlock: { cidr: "10.16.0.0/16" } }],
          ports: [
            { protocol: "TCP", port: 22 },
            { protocol: "TCP", port: 9100 },
          ],
        },
      ]),
    });
    for (const { inputs } of callers)
      expect(inputs.metadata).toMatchObject({ namespace: "whisper-staging-gpu-secrets" });
    const { dropletTemplate } = recording.named("whisper-staging-gpu-g1").inputs;
    expect(dropletTemplate).toMatchObject({
      userData: expect.stringMatching(/10\.17\.0\.0\/16\s+- to\s+- any\s+- port\s+- "22"/),
    });
  });

  it("lets droplets go by a Job that begins when the pool is there and somebody supplies it", () => {
    const { dependsOn } = recording.named("whisper-staging-gpu-rollout-job");
    expect(dependsOn).toEqual(
      expect.arrayContaining([
        "whisper-staging-gpu",
        "whisper-staging-gpu-secrets-delivery",
        "whisper-staging-gpu-rollout-settings",
        "whisper-staging-gpu-rollout-traffic",
      ]),
    );
  });

  it("asks the controller where the workers' metrics are", () => {
    const { data } = recording.named("whisper-staging-prometheus-configuration").inputs;
    const url =
      "http://whisper-staging-gpu-controller-workload.whisper-staging-gpu-control.svc.cluster.local:8080/targets?port=9100";
    expect((data as Record<string, string>)["prometheus.yml"]).toContain(url);
  });
});

describe("an environment whose cache has a cluster of its own", () => {
  it("keeps sessions and cache out of the queue's memory, watched and in the project, and lets in the cluster alone", async () => {
    const posture = { ...staging, valkey: { ...staging.valkey, cache: { size: "db-s-1vcpu-2gb" } } };
    const recording = await compose(posture, deploymentOf("staging"));
    expect(recording.named("whisper-staging-cache-cluster").inputs).toMatchObject({
      size: "db-s-1vcpu-2gb",
      evictionPolicy: "volatile_ttl",
    });
    expect(recording.named("whisper-staging-valkey-cluster").inputs).toMatchObject({
      size: staging.valkey.size,
      evictionPolicy: "noeviction",
    });
    expect(recording.named("whisper-staging-cache-firewall").inputs.rules).toEqual([
      { type: "k8s", value: "whisper-staging-cluster-cluster-id" },
    ]);
    expect(recording.named("whisper-staging-project-members").inputs.resources).toContain(
      "do:dbaas:whisper-staging-cache-cluster",
    );
    expect(recording.named("whisper-staging-alerts-cache-memory").inputs.entities).toEqual([
      "whisper-staging-cache-cluster-id",
    ]);
    expect(recording.named("whisper-staging-app-secrets").inputs.data).toMatchObject({
      REDIS_URL: base64("scheme://default:p@ss@whisper-staging-cache-cluster.private.example:25060"),
      CELERY_BROKER_URL: base64("scheme://default:p@ss@whisper-staging-valkey-cluster.private.example:25060"),
    });
  });
});

describe("pinned images", () => {
  it("run by their digests on Kubernetes and by a tag of their own on droplets, which wait for it", async () => {
    const deployment = { ...deploymentOf("staging"), pinImages: true };
    const recording = await compose(staging, deployment);
    const tag = `${deployment.images.api}-staging`;
    expect(recording.named("whisper-staging-api-image-pin").inputs).toMatchObject({
      tag,
      sources: [deployment.images.api],
    });
    const pinned = JSON.stringify(recording.named("whisper-staging-app-api-deployment").inputs);
    expect(pinned).toContain("reference of whisper-staging-api-image-pin");
    const droplets = recording.ofType("Droplet");
    expect(droplets.length).toBeGreaterThan(0);
    for (const { inputs } of droplets) {
      expect(String(inputs.userData)).toContain(`${deployment.images.worker}-staging`);
    }
    expect(recording.named("whisper-staging-gpu").dependsOn).toContain("whisper-staging-worker-image");
  });
});

describe("an environment whose browsers tell of themselves", () => {
  let recording: Recording<Platform>;
  beforeAll(async () => {
    recording = await compose(staging, {
      ...deploymentOf("staging"),
      browsers: { traces: true, errorTrackingDsn: "https://key@errors.example.com/2" },
    });
  });

  it("has the front end say where to, the edge let it through, and the collector answer its pages alone", () => {
    const text = (name: string) => JSON.stringify(recording.named(name).inputs);
    const web = text("whisper-staging-app-web-deployment");
    expect(web).toContain("https://api.staging.example.com/telemetry/v1/traces");
    expect(web).toContain("https://key@errors.example.com/2");
    expect(text("whisper-staging-traces-configuration")).toContain("https://staging.example.com");
    const edge = text("whisper-staging-proxy-nginx");
    expect(edge).toContain("whisper-staging-traces.whisper-staging-monitoring.svc.cluster.local");
    expect(edge).toContain("https://errors.example.com");
    expect(text("whisper-staging-traces-traffic")).toContain("4319");
  });

  it("has nothing of that where it is not wanted", () => {
    const plain = recordingOf("staging");
    const policy = JSON.stringify(plain.named("whisper-staging-traces-traffic").inputs);
    expect(policy).not.toContain("4319");
    expect(JSON.stringify(plain.named("whisper-staging-app-web-deployment").inputs)).not.toContain("PUBLIC_");
  });
});
