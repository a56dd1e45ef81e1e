import { describe, expect, it } from "vitest";
import { stillGood, usableKubeconfig } from "../../components/kubernetes-cluster/credentials.ts";
import {
  KubernetesCluster,
  type KubernetesClusterArgs,
} from "../../components/kubernetes-cluster/kubernetes-cluster.ts";
import { newestOffered } from "../../components/kubernetes-cluster/offered-version.ts";
import { Network } from "../../components/network/network.ts";
import { record, refusalOf } from "./harness.ts";

const sound: Omit<KubernetesClusterArgs, "placement"> = {
  ownership: { environment: "staging", owner: "platform-team", costCentre: "transcription" },
  pools: { general: { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 3 } },
};

function create(args: Partial<KubernetesClusterArgs>) {
  const network = new Network("net", { region: "tor1", addressBlock: "10.16.0.0/14" });
  return new KubernetesCluster("cluster", { ...sound, placement: network.placement, ...args });
}
const cluster = (args: Partial<KubernetesClusterArgs> = {}) => record(() => create(args));

describe("a cluster", () => {
  it("keeps the pool it is born with to one tiny node", async () => {
    expect((await cluster()).named("cluster-cluster").inputs).toMatchObject({
      name: "cluster",
      region: "tor1",
      vpcUuid: "net-vpc-id",
      clusterSubnet: "10.17.0.0/16",
      serviceSubnet: "10.18.0.0/20",
      nodePool: { name: "cluster-seat", size: "s-1vcpu-2gb", nodeCount: 1 },
      maintenancePolicy: { day: "sunday", startTime: "03:00" },
    });
  });

  it("is the one it was under its former name, so that nobody's cluster is replaced", async () => {
    expect((await cluster()).named("cluster-cluster").aliases).toEqual([{ name: "cluster" }]);
  });

  it("has a pool of its own for each that works, whose count is the autoscaler's", async () => {
    const pool = (await cluster()).named("cluster-general");
    expect(pool.inputs).toMatchObject({
      autoScale: true,
      minNodes: 1,
      maxNodes: 3,
      clusterId: "cluster-cluster-id",
    });
    expect(pool.inputs).not.toHaveProperty("nodeCount");
    expect(pool.ignoreChanges).toEqual(["nodeCount"]);
  });

  it("fixes the count of a pool without a range", async () => {
    const pools = { general: { size: "s-4vcpu-8gb", minimumNodes: 2, maximumNodes: 2 } };
    const pool = (await cluster({ pools })).named("cluster-general");
    expect(pool.inputs).toMatchObject({ nodeCount: 2 });
    expect(pool.ignoreChanges).toEqual([]);
  });

  it("keeps a dedicated pool for the pods that name it", async () => {
    const memory = { size: "m-2vcpu-16gb", minimumNodes: 3, maximumNodes: 4, dedicated: true };
    const recording = await cluster({ pools: { ...sound.pools, memory } });
    expect(recording.named("cluster-general").inputs).toMatchObject({ taints: [] });
    expect(recording.named("cluster-memory").inputs).toMatchObject({
      labels: { "whisper.platform/pool": "memory" },
      taints: [{ key: "whisper.platform/pool", value: "memory", effect: "NoSchedule" }],
    });
  });

  it("is spoken to with its own credentials, once its pools are there", async () => {
    const provider = (await cluster()).named("cluster-provider");
    expect(provider.inputs).toMatchObject({ kubeconfig: "kubeconfig of cluster-cluster" });
    expect(provider.secretInputs).toEqual(["kubeconfig"]);
    expect(provider.dependsOn).toEqual(["cluster-general"]);
  });

  it("tells all faults of its arguments at once", async () => {
    const { message } = await refusalOf(() =>
      create({
        minorVersion: "1.12",
        pools: { general: { size: "s-huge", minimumNodes: 0, maximumNodes: 600 } },
      }),
    );
    for (const path of [
      "minorVersion",
      "pools.general.size",
      "pools.general.minimumNodes",
      "pools.general.maximumNodes",
    ]) {
      expect(message).toContain(`- ${path} is`);
    }
  });
});

describe("the control plane's firewall", () => {
  it("is left as it is where nothing is said", async () => {
    expect((await cluster()).named("cluster-cluster").inputs).not.toHaveProperty("controlPlaneFirewall");
  });

  it("lets public ranges of IPv4 in, each once and in order", async () => {
    const allowedRanges = [
      "203.0.113.0/24",
      "198.51.100.7/32",
      "10.0.0.0/24",
      "2001:db8::/32",
      "203.0.113.0/24",
    ];
    const recording = await cluster({ controlPlaneFirewall: { enabled: true, allowedRanges } });
    expect(recording.named("cluster-cluster").inputs).toMatchObject({
      controlPlaneFirewall: { enabled: true, allowedAddresses: ["198.51.100.7/32", "203.0.113.0/24"] },
    });
  });

  it.each([
    [["0.0.0.0/0"], /allowedRanges\[0\] is "0\.0\.0\.0\/0", which is no range in CIDR/],
    [["office"], /allowedRanges\[0\] is "office"/],
    [["10.0.0.0/24"], /allowedRanges has no public IPv4 range, so that nobody could deploy/],
    [[], /allowedRanges has no public IPv4 range/],
  ])("refuses %j", async (allowedRanges, message) => {
    const refusal = await refusalOf(() => create({ controlPlaneFirewall: { enabled: true, allowedRanges } }));
    expect(refusal.message).toMatch(message);
  });
});

describe("pools that cannot carry what runs there", () => {
  const general = { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 3 };
  const taints = [{ key: "stage", value: "", effect: "NoSchedule" as const }];

  it.each([
    ["are none", {}, /- pools is empty, so that most workloads have no node/],
    [
      "are all dedicated",
      { memory: { ...general, dedicated: true } },
      /- pools has only pools that are kept/,
    ],
    ["are all tainted", { odd: { ...general, taints } }, /- pools has only pools that are kept/],
    [
      "all have GPUs",
      { gpu: { ...general, size: "gpu-l40sx1-48gb" } },
      /- pools has only pools that are kept/,
    ],
    [
      "take the seat's name",
      { general, seat: general },
      /- pools\.seat is the name of the pool that the cluster/,
    ],
    [
      "are labelled as another",
      { general: { ...general, labels: { "whisper.platform/pool": "memory" } } },
      /- pools\.general\.labels\.whisper\.platform\/pool is "memory"/,
    ],
  ])("%s", async (_what, pools, message) => {
    expect((await refusalOf(() => create({ pools }))).message).toMatch(message);
  });

  it("may have GPUs beside those that take any pod", async () => {
    const gpu = { ...general, size: "gpu-l40sx1-48gb" };
    expect((await cluster({ pools: { general, gpu } })).named("cluster-gpu").inputs).toMatchObject({
      size: "gpu-l40sx1-48gb",
    });
  });
});

describe("recorded credentials", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");

  it.each([
    ["2026-11-28T12:00:00Z", true],
    ["2026-11-22T12:00:01Z", true],
    ["2026-11-22T12:00:00Z", false],
    ["2026-11-20T00:00:00Z", false],
    ["not a time", false],
  ])("that end at %s are still good: %s", (expiresAt, good) => {
    expect(stillGood({ rawConfig: "kubeconfig", expiresAt }, now)).toBe(good);
  });

  it("that are empty are not", () => {
    expect(stillGood({ rawConfig: "", expiresAt: "2999-01-01T00:00:00Z" }, now)).toBe(false);
  });
});

describe("the kubeconfig", () => {
  const lasting = { rawConfig: "recorded", expiresAt: "2999-01-01T00:00:00Z" };
  const ended = { rawConfig: "recorded", expiresAt: "2000-01-01T00:00:00Z" };
  const fresh = { rawConfig: "fresh", expiresAt: "2999-01-01T00:00:00Z" };

  it.each([
    ["the recorded one", [lasting], "recorded"],
    ["a new one for one that ends", [ended], "fresh"],
    ["a new one where an interrupted run recorded none", [], "fresh"],
    ["a new one where an interrupted run recorded nothing", null, "fresh"],
  ])("is %s", async (_what, recorded, expected) => {
    const ask = async () => ({ kubeConfigs: [fresh] });
    expect(await usableKubeconfig("cluster", recorded, ask)).toBe(expected);
  });

  it.each([[[]], [[{ rawConfig: "", expiresAt: "" }]], [null]])(
    "is waited for where the cluster has none yet: %j",
    async (kubeConfigs) => {
      await expect(usableKubeconfig("cluster", null, async () => ({ kubeConfigs }))).rejects.toMatchObject({
        __pulumiRunError: true,
        message: expect.stringMatching(/cluster has no kubeconfig yet.*\nRun this again in a few minutes/),
      });
    },
  );
});

describe("the release of Kubernetes", () => {
  it("is the newest that is offered", async () => {
    expect(await newestOffered("1.36", async () => ({ latestVersion: "1.36.4-do.0" }))).toBe("1.36.4-do.0");
  });

  it("is asked for with credentials: without them, what to set is told, and no stack trace", async () => {
    const refused = newestOffered("1.36", () =>
      Promise.reject(new Error("401 Unable to authenticate you\n")),
    );
    await expect(refused).rejects.toMatchObject({
      __pulumiRunError: true,
      message: expect.stringMatching(/offers: 401 Unable to authenticate you\nSet DIGITALOCEAN_TOKEN/),
    });
  });

  it("is nothing that credentials help with when the engine ends meanwhile", async () => {
    const ending = Object.assign(new Error("Resource monitor is terminating"), { code: 14 });
    await expect(newestOffered("1.36", () => Promise.reject(ending))).rejects.toBe(ending);
  });
});
