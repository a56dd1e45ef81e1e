import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import type { FirewallRule } from "../../components/firewall/rules.ts";
import type { ElasticPool, FixedPool, GpuPoolPlan } from "../../components/gpu-pool/arguments.ts";
import { GpuPoolController } from "../../components/gpu-pool/controller.ts";
import { GpuPool, type SuppliedPool } from "../../components/gpu-pool/gpu-pool.ts";
import { GpuRollout, type GpuRolloutArgs } from "../../components/gpu-pool/rollout.ts";
import { GpuSecretsDelivery } from "../../components/gpu-pool/secrets-delivery.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { readDeliverySettings } from "../../images/gpu-pool-controller/src/delivery/settings.ts";
import { readRolloutSettings } from "../../images/gpu-pool-controller/src/rollout/settings.ts";
import { readSettings } from "../../images/gpu-pool-controller/src/settings.ts";
import { applicationArgs, ownership, placement } from "./fixtures.ts";
import { type Recording, record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDRmkMDCojC6aYLnhBc1Ob6yCrnS2bMVAhQhkyvs1TmJ ada";
const ssh = { protocol: "tcp", ports: 22, purpose: "operators" } as const;
const membership = (inbound: readonly FirewallRule[] = []) => ({
  tag: pulumi.output("gpu-members"),
  inbound,
});
type FixedArgs = GpuPoolPlan & FixedPool;
const plan = (): GpuPoolPlan => ({
  ownership,
  placement: placement(),
  firewall: membership(),
  size: "gpu-l40sx1-48gb",
  workerImage: "registry.digitalocean.com/whisper/worker:0.1.0",
  operatorKeys: { ada: key },
});
const make = (args: Partial<FixedArgs> = {}) => new GpuPool("gpu", { ...plan(), ...args });
const pool = (args?: Partial<FixedArgs>) => record(() => make(args));

describe("a GPU pool", () => {
  it("is one droplet that holds nothing of record, behind its firewall", async () => {
    const recording = await pool();
    const { userData, ...inputs } = recording.named("gpu-g1-0").inputs;
    expect(inputs).toEqual({
      name: "gpu-g1-0",
      region: "tor1",
      size: "gpu-l40sx1-48gb",
      image: "gpu-h100x1-base",
      vpcUuid: "vpc-id",
      sshKeys: ["fingerprint-of-gpu-operator-ada"],
      monitoring: true,
      backups: false,
      tags: [
        "component:gpu-worker",
        "cost-centre:transcription",
        "environment:staging",
        "owner:platform-team",
        "stateless",
        "gpu-members",
      ],
    });
    expect(userData).toContain("registry.digitalocean.com/whisper/worker:0.1.0");
  });

  it("lets its operators in by key", async () => {
    const recording = await pool({ operatorKeys: { ada: key, grace: key } });
    expect(recording.named("gpu-operator-grace").inputs).toEqual({
      name: "gpu-operator-grace",
      publicKey: key,
    });
    expect(recording.named("gpu-g1-0").inputs).toMatchObject({
      sshKeys: ["fingerprint-of-gpu-operator-ada", "fingerprint-of-gpu-operator-grace"],
    });
  });

  it("has as many droplets as told, and a new generation has new ones", async () => {
    const recording = await pool({ count: 3, generation: 2 });
    expect(recording.ofType("Droplet").map(({ name }) => name)).toEqual(["gpu-g2-0", "gpu-g2-1", "gpu-g2-2"]);
  });

  it("keeps as many droplets of the generation before as told, and watches and supplies both", async () => {
    const recording = await pool({ count: 1, generation: 3, outgoing: 2, secretsDelivered: true });
    const names = ["gpu-g3-0", "gpu-g2-0", "gpu-g2-1"];
    expect(recording.ofType("Droplet").map(({ name }) => name)).toEqual(names);
    const ids = names.map((name) => `${name}-id`);
    expect(await resolved(recording.result.dropletIds)).toEqual(ids);
    expect(await resolved(recording.result.supplied?.roll)).toEqual({ dropletIds: ids });
  });

  it.each<[Partial<FixedArgs>, string[]]>([
    [{ count: 3, renewed: 1 }, ["gpu-g2-0", "gpu-g1-0", "gpu-g1-1"]],
    [{ count: 3, renewed: 2 }, ["gpu-g2-0", "gpu-g2-1", "gpu-g1-0"]],
    [{ count: 2, renewed: 1, outgoing: 2 }, ["gpu-g2-0", "gpu-g1-0", "gpu-g1-1"]],
  ])("has as many droplets as told at each step of a roll-out in batches: %o", async (args, names) => {
    const recording = await pool({ ...args, generation: 2 });
    expect(recording.ofType("Droplet").map(({ name }) => name)).toEqual(names);
  });

  it.each([
    [{ generation: 2 }, true],
    [{ generation: 1 }, false],
    [{ generation: 2, secretsDelivered: true }, false],
  ])("says that nobody waits for new droplets, where nobody does: %o", async (args, says) => {
    const info = vi.spyOn(pulumi.log, "info").mockResolvedValue();
    await pool(args);
    expect(info.mock.calls.some(([text]) => text.includes("unless you see to it"))).toBe(says);
    info.mockRestore();
  });

  it("leaves running droplets alone when what is decided at birth changes", async () => {
    expect((await pool()).named("gpu-g1-0").ignoreChanges).toEqual(["image", "size", "sshKeys", "userData"]);
  });

  it.each([
    ["gpu-h100x8-640gb", "gpu-h100x8-base"],
    ["gpu-mi300x1-192gb", "gpu-amd-base"],
    ["gpu-4000adax1-20gb", "gpu-h100x1-base"],
  ])("starts %s from %s, which has its drivers", async (size, image) => {
    expect((await pool({ size })).named("gpu-g1-0").inputs).toMatchObject({ size, image });
  });

  it.each<[Partial<FixedArgs>, string]>([
    [{ settings: { WHISPER_MODEL: "large-v3" } }, "WHISPER_MODEL=large-v3"],
    [{ stopGraceSeconds: 900 }, "--stop-timeout 900"],
    [{ logTarget: { host: "logs.example.com" } }, 'target="logs.example.com"'],
    [{ metricsPort: 9999 }, "PRIVATE_ADDRESS}:9999:9999"],
    [{ workerImage: "example.com/worker:2.0.0" }, "example.com/worker:2.0.0"],
  ])("passes %o to the droplet's set-up", async (args, text) => {
    expect((await pool(args)).named("gpu-g1-0").inputs.userData).toContain(text);
  });

  it("has the host let in whom its firewall lets in", async () => {
    const recording = await pool({ firewall: membership([{ ...ssh, peers: ["203.0.113.0/24"] }]) });
    expect(recording.named("gpu-g1-0").inputs.userData).toContain("-s 203.0.113.0/24 -p tcp");
  });

  it("hands on where its metrics are, and what it is made of", async () => {
    const { result } = await pool({ count: 2 });
    expect(await resolved(result.privateAddresses)).toEqual([
      "private-address-of-gpu-g1-0",
      "private-address-of-gpu-g1-1",
    ]);
    expect(await resolved(result.dropletUrns)).toEqual(["do:droplet:gpu-g1-0", "do:droplet:gpu-g1-1"]);
    expect(await resolved(result.dropletIds)).toEqual(["gpu-g1-0-id", "gpu-g1-1-id"]);
    expect(result.metricsPort).toBe(9100);
  });

  itRefuses<FixedArgs>(make, [
    ["a size without a GPU", { size: "s-2vcpu-4gb" }, ["size"]],
    ["no droplets", { count: 0 }, ["count"]],
    ["something before the first generation", { outgoing: 1 }, ["outgoing"]],
    ["a batch of the first generation", { count: 2, renewed: 1 }, ["renewed"]],
    ["more new droplets than there are to be", { count: 2, renewed: 3, generation: 2 }, ["renewed"]],
    ["a batch of none", { count: 2, renewed: 0, generation: 2 }, ["renewed"]],
    [
      "fewer droplets than there are to be",
      { count: 3, renewed: 1, outgoing: 1, generation: 2 },
      ["outgoing"],
    ],
    ["no time to begin", { healthDeadlineSeconds: 1 }, ["healthDeadlineSeconds"]],
    ["half a generation", { generation: 1.5 }, ["generation"]],
    ["an image without a version", { workerImage: "example.com/worker" }, ["workerImage"]],
    ["the latest image", { workerImage: "example.com/worker:latest" }, ["workerImage"]],
    ["nobody who can sign in", { operatorKeys: {} }, ["operatorKeys"]],
    ["a private key", { operatorKeys: { ada: "-----BEGIN OPENSSH PRIVATE KEY-----" } }, ["operatorKeys.ada"]],
    ["a secret in the settings", { settings: { DATABASE_URL: "postgresql://" } }, ["settings.DATABASE_URL"]],
    ["a setting of two lines", { settings: { MODEL: "a\nb" } }, ["settings.MODEL"]],
    ["settings that do not fit", { settings: { PROMPT: "x".repeat(70_000) } }, ["settings"]],
    [
      "logs to somewhere that would be read as configuration",
      { logTarget: { host: 'a.example" x="', port: 0 } },
      ["logTarget.host", "logTarget.port"],
    ],
    ["a port of root's", { metricsPort: 80 }, ["metricsPort"]],
    ["several faults at once", { size: "x", count: -1, workerImage: "x" }, ["size", "count", "workerImage"]],
  ]);

  it.each(["REDIS_URL", "HF_TOKEN"])("takes %s for a secret", async (name) => {
    await expect(pool({ settings: { [name]: "x" } })).rejects.toThrow("looks like a secret");
  });
});

describe("an elastic GPU pool", () => {
  const rules: ElasticPool = {
    mode: "elastic",
    floor: 2,
    ceiling: 5,
    budgetUsdPerDay: 150,
    jobsPerDropletHour: 12,
  };
  const makeElastic = (args: Partial<GpuPoolPlan & ElasticPool> = {}) =>
    new GpuPool("gpu", { ...plan(), ...rules, ...args });

  it("is an autoscale pool that begins with its floor, and has no droplets of its own", async () => {
    const recording = await record(() => makeElastic());
    const { dropletTemplate, ...inputs } = recording.named("gpu-g1").inputs;
    expect(inputs).toEqual({ name: "gpu-g1", config: { targetNumberInstances: 2 } });
    expect(dropletTemplate).toMatchObject({
      region: "tor1",
      size: "gpu-l40sx1-48gb",
      image: "gpu-h100x1-base",
      vpcUuid: "vpc-id",
      sshKeys: ["fingerprint-of-gpu-operator-ada"],
      userData: expect.stringContaining("registry.digitalocean.com/whisper/worker:0.1.0"),
      tags: expect.arrayContaining(["component:gpu-worker", "stateless", "gpu-members"]),
    });
    expect(recording.ofType("Droplet")).toEqual([]);
  });

  it("leaves its number to the controller, and its droplets alone until a new generation", async () => {
    const first = await record(() => makeElastic());
    expect(first.named("gpu-g1").ignoreChanges).toEqual(["config", "dropletTemplate"]);
    const second = await record(() => makeElastic({ generation: 2 }));
    expect(second.ofType("DropletAutoscale").map(({ name }) => name)).toEqual(["gpu-g2"]);
  });

  it("hands on what its controller must know", async () => {
    const { result } = await record(() => makeElastic({ cooldownSeconds: 300 }));
    expect(result.steered).toMatchObject({
      floor: 2,
      ceiling: 5,
      cooldownSeconds: 300,
      dropletUsdPerHour: 1.57,
    });
    expect(await resolved(result.steered?.poolId)).toBe("gpu-g1-id");
  });

  itRefuses<GpuPoolPlan & ElasticPool>(makeElastic, [
    ["a floor above its ceiling", { floor: 6 }, ["ceiling", "budgetUsdPerDay"]],
    ["no floor", { floor: 0 }, ["floor"]],
    ["more than anybody has", { ceiling: 500 }, ["ceiling"]],
    ["a budget below the floor's cost", { budgetUsdPerDay: 75 }, ["budgetUsdPerDay"]],
    ["droplets that finish nothing", { jobsPerDropletHour: 0 }, ["jobsPerDropletHour"]],
    [
      "no time at all",
      { cooldownSeconds: 1, targetWaitSeconds: 0 },
      ["cooldownSeconds", "targetWaitSeconds"],
    ],
    ["a job of a week", { longestJobSeconds: 604_800 }, ["longestJobSeconds"]],
  ]);
});

describe("a pool whose secrets are delivered", () => {
  it("knows who delivers them by the public half of a key, and is known by a mark", async () => {
    const recording = await pool({ secretsDelivered: true });
    expect(recording.named("gpu-delivery-key").inputs).toEqual({ algorithm: "ED25519" });
    const { userData, tags } = recording.named("gpu-g1-0").inputs;
    const supplied = recording.result.supplied;
    expect(tags).toContain(await resolved(supplied?.mark));
    expect(userData).toContain("/etc/ssh/whisper-secrets.keys");
    expect(userData).not.toContain("PRIVATE KEY");
  });

  it("hands on whom to wait for before droplets go", async () => {
    const recording = await pool({ secretsDelivered: true, count: 2, healthDeadlineSeconds: 600 });
    const { guarded } = recording.result;
    expect(guarded).toMatchObject({ metricsPort: 9100, healthDeadlineSeconds: 600 });
    expect(guarded).not.toHaveProperty("floor");
    expect(await resolved(guarded?.roll)).toEqual({ dropletIds: ["gpu-g1-0-id", "gpu-g1-1-id"] });
  });

  it("keeps key and mark over generations, which may stand beside each other", async () => {
    const recording = await pool({ secretsDelivered: true, generation: 2 });
    expect(recording.ofType("PrivateKey").map(({ name }) => name)).toEqual(["gpu-delivery-key"]);
    expect(recording.ofType("RandomId").map(({ name }) => name)).toEqual(["gpu-mark"]);
  });

  it("has neither when an operator brings them", async () => {
    const recording = await pool();
    expect(recording.ofType("PrivateKey")).toEqual([]);
    expect(recording.result.supplied).toBeUndefined();
    expect(recording.result.guarded).toBeUndefined();
  });
});

describe("the delivery of a pool's secrets", () => {
  const delivery = (roll: SuppliedPool["roll"]) =>
    record(
      () =>
        new GpuSecretsDelivery("gpu-secrets", {
          ownership,
          namespace: { name: "space", guards: [] },
          image: "example.com/gpu-pool-controller:0.1.0",
          pool: {
            privateKey: pulumi.secret("key-of-the-delivery"),
            mark: pulumi.output("mark:5f2c"),
            vpcId: pulumi.output("vpc-id"),
            roll,
          },
          bundle: pulumi.secret('{"worker.env":"A=b"}'),
          token: pulumi.secret("token-of-the-delivery"),
          traffic: silence,
        }),
    );

  it.each([
    [{ dropletIds: pulumi.output(["1", "22"]) }, { DROPLET_IDS: [1, 22] }],
    [{ poolId: pulumi.output("pool-id") }, { POOL_ID: "pool-id" }],
  ])("is told who is on the roll: %#", async (roll, settings) => {
    const { data } = (await delivery(roll)).named("gpu-secrets-settings").inputs;
    expect(readDeliverySettings(data as Record<string, string>)).toMatchObject({
      ...settings,
      VPC_ID: "vpc-id",
      ACCOUNT: "whisper-secrets",
    });
  });

  it("finds its secrets in files that no other container sees, and runs the image in that role", async () => {
    const recording = await delivery({ poolId: pulumi.output("pool-id") });
    const secrets = recording.named("gpu-secrets-secrets");
    expect(secrets.secretInputs).toEqual(["data"]);
    const files = Object.keys(secrets.inputs.data as object).sort();
    expect(files).toEqual(["bundle.json", "digitalocean-token", "mark", "ssh-key"]);
    expect(recording.named("gpu-secrets-workload-deployment").inputs.spec).toMatchObject({
      template: {
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              command: ["node", "src/delivery/main.ts"],
              volumeMounts: expect.arrayContaining([
                { name: "secrets", mountPath: "/run/secrets/gpu-secrets-delivery", readOnly: true },
              ]),
            },
          ],
        },
      },
    });
  });
});

describe("what lets a pool's droplets go once others work", () => {
  const rollout = (args: Partial<GpuRolloutArgs["pool"]> = {}) =>
    record(
      () =>
        new GpuRollout("gpu-rollout", {
          ownership,
          namespace: { name: "space", guards: [] },
          image: "example.com/gpu-pool-controller:0.2.0",
          pool: {
            vpcId: pulumi.output("vpc-id"),
            roll: { dropletIds: pulumi.output(["1", "22"]) },
            metricsPort: 9100,
            healthDeadlineSeconds: 900,
            ...args,
          },
          delivery: { secretsName: "gpu-secrets-secrets" },
          traffic: silence,
        }),
    );
  const settingsOf = (recording: Recording<GpuRollout>) =>
    readRolloutSettings(recording.named("gpu-rollout-settings").inputs.data as Record<string, string>);

  it("is told whom to wait for, and for how long", async () => {
    expect(settingsOf(await rollout())).toMatchObject({
      DROPLET_IDS: [1, 22],
      VPC_ID: "vpc-id",
      ACCOUNT: "whisper-secrets",
      METRICS_PORT: 9100,
      HEALTH_DEADLINE_SECONDS: 900,
    });
    const elastic = await rollout({ roll: { poolId: pulumi.output("pool-id") }, floor: 2 });
    expect(settingsOf(elastic)).toMatchObject({ POOL_ID: "pool-id", FLOOR: 2 });
  });

  it("is a Job that is done anew for other droplets, again when it failed, and not when droplets do not work", async () => {
    const jobOf = async (ids: string[]) => {
      const recording = await rollout({ roll: { dropletIds: pulumi.output(ids) } });
      return recording.named("gpu-rollout-job").inputs as {
        metadata: { annotations: object };
        spec: { activeDeadlineSeconds: number; podFailurePolicy: object; template: object };
      };
    };
    const [one, same, other] = [await jobOf(["1"]), await jobOf(["1"]), await jobOf(["2"])];
    expect(one.spec).toEqual(same.spec);
    expect(one.spec.template).not.toEqual(other.spec.template);
    expect(one.metadata.annotations).toEqual({ "pulumi.com/replaceUnready": "true" });
    // Its own time, and the longest that a worker may take to finish.
    expect(one.spec.activeDeadlineSeconds).toBe(900 + 7800);
    expect(one.spec.podFailurePolicy).toMatchObject({
      rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [3] } }, { action: "Ignore" }],
    });
  });

  it("sees of the delivery's secrets the way to the droplets alone, and has none of its own in clear", async () => {
    const recording = await rollout();
    expect(recording.ofType("Secret")).toEqual([]);
    const { spec } = recording.named("gpu-rollout-job").inputs;
    expect(spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              command: ["node", "src/rollout/main.ts"],
              volumeMounts: expect.arrayContaining([
                { name: "secrets", mountPath: "/run/secrets/gpu-secrets-delivery", readOnly: true },
              ]),
              terminationMessagePolicy: "FallbackToLogsOnError",
            },
          ],
          volumes: expect.arrayContaining([
            {
              name: "secrets",
              secret: {
                secretName: "gpu-secrets-secrets",
                defaultMode: 0o440,
                items: ["digitalocean-token", "ssh-key", "mark"].map((key) => ({ key, path: key })),
              },
            },
          ]),
        },
      },
    });
  });
});

describe("a worker that is taken away", () => {
  it("has the time to finish that it is given, and is told the settings to give its job back with", async () => {
    const recording = await pool({ stopGraceSeconds: 900, longestJobSeconds: 3600 });
    const { userData } = recording.named("gpu-g1-0").inputs;
    for (const line of [
      "REMAP_SIGTERM=SIGQUIT",
      "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT=885",
      "CELERY_TASK_ACKS_LATE=true",
      "CELERY_TASK_REJECT_ON_WORKER_LOST=true",
      "CELERY_WORKER_PREFETCH_MULTIPLIER=1",
      "CELERY_VISIBILITY_TIMEOUT_SECONDS=4200",
    ]) {
      expect(userData).toContain(`${line}\n`);
    }
  });
});

describe("the controller of an elastic pool", () => {
  const controller = () =>
    record(
      () =>
        new GpuPoolController("gpu-controller", {
          ownership,
          namespace: { name: "space", guards: [] },
          image: "example.com/gpu-pool-controller:0.1.0",
          pool: {
            poolId: pulumi.output("pool-id"),
            dropletUsdPerHour: 1.57,
            floor: 1,
            ceiling: 4,
            budgetUsdPerDay: 60,
            jobsPerDropletHour: 12,
          },
          broker: applicationArgs().broker,
          queue: "transcription",
          token: pulumi.secret("token-of-the-controller"),
          traffic: silence,
        }),
    );
  const environment = async () =>
    (await controller()).named("gpu-controller-settings").inputs.data as Record<string, string>;

  it("is told everything that its image wants to know", async () => {
    expect(readSettings(await environment())).toMatchObject({
      POOL_ID: "pool-id",
      QUEUE_NAME: "transcription",
      FLOOR: 1,
      CEILING: 4,
      COOLDOWN_SECONDS: 900,
      TARGET_WAIT_SECONDS: 600,
      MEMBER_USD_PER_HOUR: 1.57,
    });
  });

  it("finds its secrets in files, where the image looks for them", async () => {
    const recording = await controller();
    const secrets = recording.named("gpu-controller-secrets");
    expect(secrets.secretInputs).toEqual(["data"]);
    expect(Object.keys(secrets.inputs.data as object).sort()).toEqual(["broker-url", "digitalocean-token"]);
    const { SECRETS_FOLDER: mountPath } = readSettings(await environment());
    expect(recording.named("gpu-controller-workload-deployment").inputs.spec).toMatchObject({
      replicas: 1,
      template: {
        spec: {
          containers: [
            {
              envFrom: [{ configMapRef: { name: "gpu-controller-settings" } }],
              volumeMounts: expect.arrayContaining([{ name: "secrets", mountPath, readOnly: true }]),
            },
          ],
          volumes: expect.arrayContaining([
            { name: "secrets", secret: { secretName: "gpu-controller-secrets", defaultMode: 0o440 } },
          ]),
        },
      },
    });
  });
});
