import { describe, expect, it } from "vitest";
import { nodeCapacity } from "../../components/kubernetes-cluster/node-capacity.ts";
import type { Neo4jArgs } from "../../components/neo4j/arguments.ts";
import { serverConfiguration } from "../../components/neo4j/configuration.ts";
import { memorySettings } from "../../components/neo4j/memory.ts";
import { Neo4j } from "../../components/neo4j/neo4j.ts";
import { isSecret, record, resolved } from "./harness.ts";
import { cluster, single } from "./neo4j-args.ts";
import { itRefuses } from "./refusals.ts";

const neo4j = (args: Neo4jArgs) => record(() => new Neo4j("graph", args));

const configurationOf = async (args: Neo4jArgs) => {
  const { inputs } = (await neo4j(args)).named("graph-configuration");
  return (inputs.data as Record<string, string>)["neo4j.conf"] ?? "";
};

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
}
interface ServersSpec {
  readonly template: {
    readonly metadata: { readonly annotations: Record<string, string> };
    readonly spec: { readonly containers: readonly [Container] };
  };
}
const podOf = async (args: Neo4jArgs) =>
  ((await neo4j(args)).named("graph-stateful-set").inputs.spec as ServersSpec).template;
const containerOf = async (args: Neo4jArgs) => (await podOf(args)).spec.containers[0];

describe("Neo4j's memory", () => {
  // What `neo4j-admin server memory-recommendation` of 5.26.12 says, which rounds to a hundred.
  it.each([
    [1, 307, 52],
    [2, 512, 512],
    [3, 1300, 512],
    [5, 2600, 768],
    [6, 3072, 1024],
    [11, 4400, 3600],
    [13, 4700, 4900],
    [28, 10_240, 11_264],
    [59, 22_700, 26_100],
    [100, 28_600, 59_200],
  ])("of %i GiB is divided as Neo4j itself recommends", (gib, heapMib, pageCacheMib) => {
    const settings = memorySettings(gib * 1024);
    expect(Math.abs(settings.heapMib - heapMib)).toBeLessThanOrEqual(50);
    expect(Math.abs(settings.pageCacheMib - pageCacheMib)).toBeLessThanOrEqual(50);
  });

  it("is what a node can spare, where nothing else is said", async () => {
    // 16 GiB, of which DOKS keeps 3, and a tenth is left to what runs on every node.
    expect(nodeCapacity("m-2vcpu-16gb")?.memoryMib).toBe(11_980);
    expect(await containerOf(cluster)).toMatchObject({
      resources: { requests: { memory: "11980Mi" }, limits: { memory: "11980Mi" } },
    });
    const { heapMib, pageCacheMib } = memorySettings(11_980);
    const text = await configurationOf(cluster);
    expect(text).toContain(`server.memory.heap.max_size=${heapMib}m\n`);
    expect(text).toContain(`server.memory.pagecache.size=${pageCacheMib}m\n`);
    expect(heapMib + pageCacheMib).toBeLessThan(11_980);
  });
});

describe("a single Neo4j of the community edition", () => {
  it("runs the community's image, and asks for no licence", async () => {
    const { image, env, ports } = await containerOf(single);
    expect(image).toMatch(/^neo4j:5\.26\.\d+-community$/);
    expect(env.map(({ name }) => name)).not.toContain("NEO4J_ACCEPT_LICENSE_AGREEMENT");
    expect(ports).toEqual([{ name: "bolt", containerPort: 7687, protocol: "TCP" }]);
  });

  it("is well when Bolt answers, and has no metrics to be asked for", async () => {
    const { metadata, spec } = await podOf(single);
    const bolt = { tcpSocket: { port: 7687 } };
    expect(spec.containers[0]).toMatchObject({
      startupProbe: { ...bolt, failureThreshold: 360 },
      readinessProbe: bolt,
      livenessProbe: bolt,
    });
    expect(Object.keys(metadata.annotations)).toEqual(["whisper.platform/configuration"]);
  });

  it("says how it is dumped while it is stopped, with the programs of its own image", async () => {
    const { backup } = (await neo4j(single)).result;
    expect(backup).toMatchObject({
      claims: ["data-graph-0"],
      offline: { image: (await containerOf(single)).image, dataFolder: "/data" },
    });
    expect(backup).not.toHaveProperty("online");
  });

  it("is told nothing that only the enterprise edition knows", async () => {
    const text = await configurationOf(single);
    expect(text).not.toMatch(/cluster|backup|metrics|panic/);
    expect(text).toContain("server.https.enabled=false\n");
  });
});

describe("a cluster of the enterprise edition", () => {
  it("says what the operator confirmed", async () => {
    const licence = (env: Container["env"]) =>
      env.find(({ name }) => name === "NEO4J_ACCEPT_LICENSE_AGREEMENT")?.value;
    expect(licence((await containerOf(cluster)).env)).toBe("yes");
    expect(licence((await containerOf({ ...cluster, licence: "eval" })).env)).toBe("eval");
  });

  it("knows its members by their names, and begins when all are there", async () => {
    const host = (ordinal: number) => `graph-${ordinal}.graph-members.stores.svc.cluster.local:6000`;
    const text = await configurationOf(cluster);
    expect(text).toContain(`dbms.cluster.discovery.v2.endpoints=${host(0)},${host(1)},${host(2)}\n`);
    expect(text).toContain("dbms.cluster.minimum_initial_system_primaries_count=3\n");
    const { env } = await containerOf(cluster);
    // Kubernetes puts the pod's name in, which must be known by then.
    expect(env[0]).toMatchObject({
      name: "POD_NAME",
      valueFrom: { fieldRef: { fieldPath: "metadata.name" } },
    });
    for (const [what, port] of Object.entries({ "": 6000, raft_: 7000 })) {
      expect(env).toContainEqual({
        name: `NEO4J_server_cluster_${what}advertised__address`,
        value: `$(POD_NAME).graph-members.stores.svc.cluster.local:${port}`,
      });
    }
  });

  it("is asked for its place in the cluster before it is called, and never restarted for having lost it", async () => {
    expect(await containerOf(cluster)).toMatchObject({
      readinessProbe: { httpGet: { path: "/db/system/cluster/available", port: 7473, scheme: "HTTPS" } },
      livenessProbe: { tcpSocket: { port: 7687 } },
    });
    const recording = await neo4j(cluster);
    // Or no member would find the others: they have no address before they are ready, and are not ready before.
    expect(recording.named("graph-members").inputs).toMatchObject({
      spec: { clusterIP: "None", publishNotReadyAddresses: true },
    });
    expect(recording.named("graph-stateful-set").inputs).toMatchObject({
      spec: { podManagementPolicy: "Parallel", updateStrategy: { type: "RollingUpdate" } },
    });
  });

  it("has each member on a node of its own, and loses one at a time on purpose", async () => {
    const recording = await neo4j(cluster);
    expect(recording.named("graph-stateful-set").inputs).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          spec: {
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }],
              },
            },
          },
        },
      },
    });
    expect(recording.named("graph-disruption-budget").inputs).toMatchObject({ spec: { maxUnavailable: 1 } });
  });

  it("has metrics where Prometheus is told that there are some, and a port for backups", async () => {
    const { metadata, spec } = await podOf(cluster);
    const port = Number(metadata.annotations["prometheus.io/port"]);
    expect(spec.containers[0].ports).toContainEqual({
      name: "metrics",
      containerPort: port,
      protocol: "TCP",
    });
    expect(await configurationOf(cluster)).toContain(`server.metrics.prometheus.endpoint=0.0.0.0:${port}\n`);
    const { result } = await neo4j(cluster);
    expect(result.backup.online).toContain("graph-2.graph-members.stores.svc.cluster.local:6362");
    expect(result.backup).not.toHaveProperty("offline");
  });

  it("lets members reach each other on every port that one of them listens on for the others", async () => {
    const { inputs } = (await neo4j(cluster)).named("graph-traffic");
    const ports = [6000, 7000, 7687, 7688];
    const itself = { podSelector: { matchLabels: { "app.kubernetes.io/name": "neo4j" } } };
    for (const [direction, key] of [
      ["ingress", "from"],
      ["egress", "to"],
    ] as const) {
      const spec = inputs.spec as Record<string, { readonly ports: { port: number }[] }[]>;
      const rules = spec[direction] ?? [];
      expect(rules).toMatchObject([{ [key]: [itself] }]);
      const open = rules.flatMap((rule) => rule.ports.map(({ port }) => port));
      expect(open.sort((one, other) => one - other)).toEqual(ports);
    }
  });
});

describe("the volumes", () => {
  it("are claims of the program's own, which the servers find by name, and outlive both", async () => {
    const recording = await neo4j(cluster);
    const claims = recording.ofType("PersistentVolumeClaim");
    expect(claims.map(({ inputs }) => (inputs.metadata as { name: string }).name)).toEqual(
      recording.result.backup.claims,
    );
    expect(recording.result.backup.claims).toEqual(["data-graph-0", "data-graph-1", "data-graph-2"]);
    for (const { inputs, protect } of claims) {
      expect(protect).toBe(true);
      expect(inputs).toMatchObject({
        metadata: { labels: { "whisper.platform/store": "neo4j", "whisper.platform/backup": "none" } },
        spec: {
          storageClassName: "do-block-storage-retain",
          resources: { requests: { storage: "50Gi" } },
        },
      });
    }
    const servers = recording.named("graph-stateful-set");
    expect(servers.inputs).toMatchObject({
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        volumeClaimTemplates: [{ metadata: { name: "data" } }],
      },
    });
    expect(servers.dependsOn).toEqual(expect.arrayContaining(["graph-data-0", "graph-data-2"]));
  });

  it("grow without the servers being replaced, whose template Kubernetes lets nobody change", async () => {
    const recording = await neo4j({ ...cluster, diskGib: 80 });
    expect(recording.named("graph-stateful-set").ignoreChanges).toContain(
      "spec.volumeClaimTemplates[*].spec",
    );
  });

  it("can be deleted where they are not protected", async () => {
    const claims = (await neo4j({ ...single, protect: false })).ofType("PersistentVolumeClaim");
    expect(claims.map(({ protect }) => protect)).toEqual([false]);
  });
});

describe("the way in", () => {
  it("is a password drawn at random, secret wherever it is written", async () => {
    const recording = await neo4j(single);
    const { connection } = recording.result;
    expect(await isSecret(connection.password)).toBe(true);
    expect(await resolved(connection.password)).toBe("drawn-at-random");
    expect(await resolved(connection.uri)).toBe("neo4j://graph.stores.svc.cluster.local:7687");
    const secret = recording.named("graph-secrets");
    expect(secret.secretInputs).toEqual(["data"]);
    const { NEO4J_AUTH = "" } = secret.inputs.data as Record<string, string>;
    expect(Buffer.from(NEO4J_AUTH, "base64").toString()).toBe("neo4j/drawn-at-random");
  });

  it("stands in a file for the server, and in none of its variables", async () => {
    const recording = await neo4j(cluster);
    expect(JSON.stringify(recording.named("graph-stateful-set").inputs)).not.toContain("drawn-at-random");
    expect((await containerOf(cluster)).env).toContainEqual({
      name: "NEO4J_AUTH_PATH",
      value: "/secrets/NEO4J_AUTH",
    });
  });
});

describe("TLS", () => {
  it("is all that anybody is answered by, and asked of members on both sides", async () => {
    for (const args of [single, cluster]) {
      const text = await configurationOf(args);
      expect(text).toContain("server.bolt.tls_level=REQUIRED\n");
      expect(text).toContain("server.http.enabled=false\n");
    }
    const text = await configurationOf(cluster);
    for (const scope of ["cluster", "backup"]) {
      expect(text).toContain(`dbms.ssl.policy.${scope}.enabled=true\n`);
      expect(text).toContain(`dbms.ssl.policy.${scope}.client_auth=REQUIRE\n`);
      expect(text).toContain(`dbms.ssl.policy.${scope}.verify_hostname=true\n`);
    }
  });

  it("has a certificate for every name that servers are called by, from an authority of its own", async () => {
    const recording = await neo4j(cluster);
    expect(recording.named("graph-request").inputs.dnsNames).toEqual([
      "graph.stores.svc.cluster.local",
      ...[0, 1, 2].map((ordinal) => `graph-${ordinal}.graph-members.stores.svc.cluster.local`),
    ]);
    expect(recording.named("graph-certificate").inputs).toMatchObject({
      caCertPem: "certificate of graph-authority",
      caPrivateKeyPem: "key of graph-authority-key",
      allowedUses: expect.arrayContaining(["server_auth", "client_auth"]),
    });
    const { caCertificate } = recording.result.connection;
    expect(await resolved(caCertificate)).toBe("certificate of graph-authority");
  });

  it("is renewed before its time is over", async () => {
    const recording = await neo4j(cluster);
    for (const { inputs } of [recording.named("graph-certificate"), recording.named("graph-authority")]) {
      const { validityPeriodHours, earlyRenewalHours } = inputs as Record<string, number>;
      expect(earlyRenewalHours).toBeGreaterThan(24 * 30);
      expect(earlyRenewalHours).toBeLessThan(validityPeriodHours ?? 0);
    }
  });

  it("has its files where the servers look for them, and its keys nowhere in the clear", async () => {
    const recording = await neo4j(cluster);
    const secret = recording.named("graph-certificates");
    expect(Object.keys(secret.inputs.data as object).sort()).toEqual(["ca.crt", "tls.crt", "tls.key"]);
    expect(secret.secretInputs).toEqual(["data"]);
    expect(recording.named("graph-stateful-set").inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            volumes: expect.arrayContaining([
              expect.objectContaining({
                name: "certificates",
                secret: expect.objectContaining({
                  secretName: "graph-certificates",
                  items: expect.arrayContaining([{ key: "ca.crt", path: "trusted/ca.crt" }]),
                }),
              }),
            ]),
          },
        },
      },
    });
    expect(await configurationOf(cluster)).toContain(
      "dbms.ssl.policy.bolt.trusted_dir=/certificates/trusted\n",
    );
  });
});

it("a change of the configuration restarts the servers", async () => {
  const fingerprintOf = async (args: Neo4jArgs) =>
    (await podOf(args)).metadata.annotations["whisper.platform/configuration"];
  expect(await fingerprintOf(single)).toBe(await fingerprintOf({ ...single, diskGib: 20 }));
  expect(await fingerprintOf(single)).not.toBe(
    await fingerprintOf({ ...single, resources: { ...single.resources, memory: "3Gi" } }),
  );
});

it("says each setting once, but for the options of Java", () => {
  const text = serverConfiguration({
    edition: "enterprise",
    memory: { heapMib: 512, pageCacheMib: 512 },
    members: ["a", "b", "c"],
  });
  const names = text.split("\n").map((line) => line.split("=")[0]);
  const once = names.filter((name) => name !== "server.jvm.additional");
  expect(new Set(once).size).toBe(once.length);
});

describe("Neo4j", () => {
  itRefuses<Neo4jArgs>(
    (args) => new Neo4j("graph", { ...cluster, ...args }),
    [
      ["a cluster of two", { members: 2 }, ["members"]],
      ["a cluster of one", { members: 1 }, ["members"]],
      ["more voters than help", { members: 13 }, ["members"]],
      ["a cluster of the community edition", { edition: "community", members: 3 }, ["members"]],
      ["no disk to speak of", { diskGib: 1 }, ["diskGib"]],
      ["a size of nodes that there is not", { nodeSize: "m-2vcpu-16gib" }, ["nodeSize"]],
      [
        "more memory than a node has",
        { resources: { cpu: "1", cpuLimit: "2", memory: "12Gi" } },
        ["resources.memory"],
      ],
      [
        "nodes that are too small",
        { nodeSize: "s-1vcpu-2gb" },
        ["resources.cpu", "resources.cpuLimit", "resources.memory"],
      ],
      [
        "less processor allowed than promised",
        { resources: { cpu: "1", cpuLimit: "500m" } },
        ["resources.cpuLimit"],
      ],
      [
        "everything at once",
        { members: 4, diskGib: 0, resources: { cpu: "1", cpuLimit: "1", memory: "1Ti" } },
        ["diskGib", "members", "resources.memory"],
      ],
    ],
  );
  itRefuses<Neo4jArgs>(() => {
    const { licence: _licence, ...unlicensed } = cluster;
    return new Neo4j("graph", unlicensed);
  }, [["the enterprise edition without a licence", {}, ["licence"]]]);
});
