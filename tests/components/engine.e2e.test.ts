import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { Alerting } from "../../components/alerting/alerting.ts";
import { Cdn } from "../../components/cdn/cdn.ts";
import { DnsRecords } from "../../components/dns-records/dns-records.ts";
import { DnsZone } from "../../components/dns-zone/dns-zone.ts";
import { Firewall } from "../../components/firewall/firewall.ts";
import { controllerQuota } from "../../components/gpu-pool/controller.ts";
import { GpuPool } from "../../components/gpu-pool/gpu-pool.ts";
import { GpuRollout } from "../../components/gpu-pool/rollout.ts";
import { GpuSecretsDelivery } from "../../components/gpu-pool/secrets-delivery.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster/kubernetes-cluster.ts";
import { Namespace } from "../../components/namespace/namespace.ts";
import { Neo4j } from "../../components/neo4j/neo4j.ts";
import { Network } from "../../components/network/network.ts";
import { ObjectStorage } from "../../components/object-storage/object-storage.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { Priorities } from "../../components/priorities/priorities.ts";
import { Project } from "../../components/project/project.ts";
import { Registry } from "../../components/registry/registry.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { Valkey } from "../../components/valkey/valkey.ts";
import { AutoscalePool } from "../../images/gpu-pool-controller/src/autoscale-pool.ts";
import { DigitalOcean } from "../../images/gpu-pool-controller/src/digitalocean.ts";
import { SandboxClient } from "../../sandbox/daemon/client.ts";
import { type Daemon, openDaemon } from "../../sandbox/daemon/daemon.ts";
import { platformHome } from "../../sandbox/home.ts";
import { neo4jDriver, neo4jIsToBeHad } from "../sandbox/kubernetes/neo4j-driver.ts";
import { type EngineStack, openStack } from "../sandbox/providers/engine.ts";
import { clusterAccess, floor, followPods, makeWorkload, replicas } from "./cluster-workload.ts";
import { ownership } from "./fixtures.ts";
import { single as singleNeo4j } from "./neo4j-args.ts";
import { askedMeanwhile, bucketGrant, postgresClient, withBucket, withValkey } from "./store-clients.ts";
import { stuckUnless } from "./stuck-jobs.ts";

/** What the tests change between two runs of the program. */
const settings = {
  databaseSize: "db-s-2vcpu-4gb",
  diskGib: 100,
  postgresName: "e2e-postgres",
  valkeyName: "e2e-valkey",
  mediaName: "e2e-media",
  graphName: "e2e-graph",
  postgresVersion: "17",
  readReplica: false,
  poolSize: 20,
  diskGrows: false,
  logDays: 14,
  slowStatementMs: 1000,
  workerImage: "registry.digitalocean.com/whisper/worker:0.1.0",
  gpuSize: "gpu-l40sx1-48gb",
  generation: 1,
  dropletsWork: true,
  protect: false,
  corsOrigins: ["https://whisper.example.com"],
  nodeSize: "s-2vcpu-4gb",
  projectName: "e2e",
};

/** Every component on DigitalOcean, joined as a stack would join them, and a workload on the cluster. */
async function program() {
  const { protect } = settings;
  const network = new Network("e2e-network", {
    region: "tor1",
    addressBlock: "10.16.0.0/14",
    natGateway: true,
  });
  const { placement } = network;
  const firewall = new Firewall("e2e-firewall", {
    inbound: [{ protocol: "tcp", ports: 22, peers: ["203.0.113.0/24"], purpose: "operators" }],
    outbound: [
      { protocol: "tcp", ports: [1, 65_535], peers: ["0.0.0.0/0", "::/0"], purpose: "everything" },
      { protocol: "icmp", peers: ["0.0.0.0/0"], purpose: "ping" },
    ],
  });
  const workers = {
    ownership,
    placement,
    firewall: firewall.membership,
    size: settings.gpuSize,
    generation: settings.generation,
    workerImage: settings.workerImage,
  };
  const gpu = new GpuPool("e2e-gpu", {
    ...workers,
    secretsDelivered: true,
    operatorKeys: {
      ada: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDRmkMDCojC6aYLnhBc1Ob6yCrnS2bMVAhQhkyvs1TmJ ada",
    },
  });
  const elastic = new GpuPool("e2e-elastic", {
    ...workers,
    mode: "elastic",
    secretsDelivered: true,
    floor: 1,
    ceiling: 4,
    budgetUsdPerDay: 200,
    jobsPerDropletHour: 12,
    // DigitalOcean takes a key once.
    operatorKeys: {
      grace: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1Gx7hCn9K8Zb5cYc0m7c8l3oYt4wq2u6nXo1vE9sRk grace",
    },
  });
  const cluster = new KubernetesCluster("e2e-cluster", {
    ownership,
    placement,
    pools: { general: { size: settings.nodeSize, minimumNodes: 2, maximumNodes: 2 } },
    destroyLeftovers: true,
  });
  makeWorkload(cluster.provider);
  const { classes } = new Priorities("e2e-priorities", { ownership }, { provider: cluster.provider });
  lookAfter(gpu, cluster.provider, classes);
  const stores = new Namespace(
    "e2e-stores",
    {
      ownership,
      component: "stores",
      quota: { cpu: "2", memory: "4Gi", pods: 2 },
      prerequisites: classes,
    },
    { provider: cluster.provider },
  );
  const graph = new Neo4j(
    settings.graphName,
    { ...singleNeo4j, cloudName: "e2e-graph", namespace: stores.placement, protect },
    { provider: cluster.provider, aliases: [{ name: "e2e-graph" }] },
  );
  const database = {
    ownership,
    placement,
    size: settings.databaseSize,
    trustedTags: [firewall.membership.tag],
    trustedClusterIds: [cluster.id],
    protect,
  };
  const postgres = new Postgres(
    settings.postgresName,
    {
      ...database,
      cloudName: "e2e-postgres",
      version: settings.postgresVersion,
      standbyNodes: 1,
      readReplicas: settings.readReplica ? { replica: {} } : {},
      diskGib: settings.diskGib,
      ...(settings.diskGrows && { diskGrowth: { thresholdPercent: 80, incrementGib: 20 } }),
      poolSize: settings.poolSize,
      pools: { reports: { size: 5, mode: "session", user: "reader" } },
      logSink: {
        endpoint: "https://writer:top-secret-writer@search.example.com:9200",
        retentionDays: settings.logDays,
      },
      slowStatementMs: settings.slowStatementMs,
    },
    { aliases: [{ name: "e2e-postgres" }] },
  );
  const valkey = new Valkey(
    settings.valkeyName,
    { ...database, cloudName: "e2e-valkey" },
    { aliases: [{ name: "e2e-valkey" }] },
  );
  const media = new ObjectStorage(
    settings.mediaName,
    {
      cloudName: "e2e-media",
      region: "tor1",
      nameSuffix: "k7f2q",
      consumers: { api: "readwrite", worker: "read" },
      corsOrigins: settings.corsOrigins,
      expireDays: 365,
      protect,
      forceDestroy: true,
    },
    { aliases: [{ name: "e2e-media" }] },
  );
  const registry = new Registry("e2e-registry", {
    registryName: "e2e-images",
    region: "tor1",
    credentialDays: 30,
    protect,
  });
  const dns = new DnsZone("e2e-dns", { domain: "whisper.example.com" });
  new DnsRecords("e2e-records", {
    zone: dns.zone,
    records: {
      "@": { type: "A", value: "198.51.100.7" },
      api: { type: "A", value: "198.51.100.7" },
      docs: { type: "CNAME", value: "pages.example.net." },
    },
  });
  const cdn = new Cdn("e2e-cdn", {
    origin: media.bucketDomain,
    zone: dns.zone,
    certificate: dns.certificate,
  });
  new Alerting("e2e-alerts", {
    endpoints: { api: "https://api.whisper.example.com/health" },
    dropletTags: [firewall.membership.tag],
    databases: { postgres: postgres.watched, valkey: valkey.watched },
    emails: ["on-call@example.com"],
    slackChannel: "#alerts",
    slackWebhook: "https://hooks.slack.com/services/T0/B0/top-secret-webhook",
  });
  const project = new Project(
    settings.projectName,
    {
      environment: "staging",
      members: [
        cluster.clusterUrn,
        postgres.clusterUrn,
        valkey.clusterUrn,
        media.bucketUrn,
        dns.domainUrn,
        ...gpu.dropletUrns,
      ],
    },
    { aliases: [{ name: "e2e" }] },
  );
  return {
    pooled: pulumi.output(postgres.pooled),
    readOnly: pulumi.output(postgres.readOnly),
    reports: pulumi.output(postgres.pools.reports),
    postgresId: postgres.clusterId,
    administrator: pulumi.output(postgres.privileges.administrator),
    cache: pulumi.output(valkey.connection),
    graph: pulumi.output(graph.connection),
    grants: pulumi.output(media.grants),
    registry: pulumi.output(registry.access),
    egress: network.egressAddresses,
    gpu: gpu.privateAddresses,
    elasticPool: elastic.steered?.poolId,
    cdn: cdn.url,
    clusterId: cluster.id,
    projectId: project.projectId,
  };
}

/** What brings a pool its secrets, and what lets its droplets go once others work. */
function lookAfter(
  pool: GpuPool,
  provider: pulumi.ProviderResource,
  prerequisites: Priorities["classes"],
): void {
  if (!pool.supplied || !pool.guarded) throw new Error("nobody brings the pool its secrets");
  const space = { ownership, component: "gpu-secrets", quota: controllerQuota };
  const { placement } = new Namespace("e2e-gpu-secrets", { ...space, prerequisites }, { provider });
  const shared = { ownership, image: "registry.example/gpu-pool-controller:0.2.0", traffic: silence };
  const delivery = new GpuSecretsDelivery(
    "e2e-delivery",
    { ...shared, namespace: placement, pool: pool.supplied, bundle: "{}", token: "token" },
    { provider },
  );
  new GpuRollout(
    "e2e-rollout",
    {
      ...shared,
      namespace: { ...placement, guards: [...placement.guards, pool, delivery] },
      pool: pool.guarded,
      delivery,
    },
    { provider, transformations: [stuckUnless(() => settings.dropletsWork)] },
  );
}

describe("the components, through the real engine in the sandbox", () => {
  let folder: string;
  let sandbox: Daemon;
  let engine: EngineStack;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "components-"));
    sandbox = await openDaemon({
      home: platformHome({ PLATFORM_HOME: folder }),
      options: { latencyMs: 50 },
      onProgress: () => undefined,
      onError: (error) => void process.stderr.write(`${String(error)}\n`),
    });
    const { digitalocean, kubernetes, random, tls } = sandbox.record.ports;
    engine = await openStack(program, { digitalocean, kubernetes, random, tls });
  });

  afterAll(async () => {
    await engine?.remove();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What an operation does to the cloud's own resources, as `operation name`; components only record arguments. */
  const changesOf = async (operation: (options: { onEvent: EngineStack["onEvent"] }) => Promise<unknown>) => {
    engine.events.length = 0;
    await operation({ onEvent: engine.onEvent });
    return engine.events
      .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
      .filter(({ op, type }) => op !== "same" && type.startsWith("digitalocean:"))
      .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
      .sort();
  };
  /** Pools of which the last operation said that their droplets are not as written down. */
  const rollOutsDue = () =>
    engine.events
      .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
      .filter(({ severity, message }) => severity === "warning" && message.includes("roll-out is due"))
      .map(({ urn }) => urn?.split("::").at(-1))
      .sort();
  const up = () => changesOf((options) => engine.stack.up(options));
  const outputs = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(await engine.outputs()).map(([name, { value }]) => [name, value]));
  const ask = async (path: string, token = sandbox.record.apiToken): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${sandbox.record.ports.api}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return answer.json();
  };
  const inventory = () => ask("/_sandbox/inventory", sandbox.record.adminToken);
  /** What a pod's claim got of the cloud, and who has it. */
  const volumes = async () => {
    const { volumes } = z
      .object({ volumes: z.array(z.object({ id: z.string(), droplet_ids: z.array(z.number()) })) })
      .parse(await ask("/v2/volumes"));
    return volumes;
  };
  const spacesEndpoint = () => `http://127.0.0.1:${sandbox.record.ports.spaces}`;
  const consumers = z.object({ api: bucketGrant, worker: bucketGrant });
  /** URNs of what the project holds. */
  const projectMembers = async () => {
    const { projectId } = await outputs();
    const { resources } = z
      .object({ resources: z.array(z.object({ urn: z.string() })) })
      .parse(await ask(`/v2/projects/${projectId}/resources?per_page=200`));
    return resources.map(({ urn }) => urn).sort();
  };

  it("come up, and hand on what was asked of them", async () => {
    const { summary } = await engine.stack.up();
    expect(summary.result).toBe("succeeded");
    const outputs = await engine.outputs();
    const output = (name: string) => outputs[name]?.value;
    expect(output("pooled")).toMatchObject({ database: "whisper-transaction-20", user: "whisper" });
    expect(output("pooled").uri).toBe(
      `postgresql://whisper:${encodeURIComponent(output("pooled").password)}@${output("pooled").host}:${output("pooled").port}/whisper-transaction-20?sslmode=require`,
    );
    expect(output("pooled").caCertificate).toContain("BEGIN CERTIFICATE");
    expect(output("reports")).toMatchObject({
      database: "whisper-reports-session-5",
      user: "whisper_reader",
      port: output("pooled").port,
    });
    expect(output("cache").uri).toMatch(/^rediss:\/\//);
    expect(output("grants").api.secretAccessKey).not.toBe(output("grants").worker.secretAccessKey);
    expect(JSON.parse(output("registry").dockerConfigJson)).toHaveProperty("auths");
    expect(output("egress")).toHaveLength(1);
    expect(output("gpu")).toEqual([expect.stringMatching(/^10\.16\./)]);
    expect(output("cdn")).toBe("https://static.whisper.example.com");
  });

  it("hold what is written into their stores", async () => {
    const { administrator, pooled, reports, cache, grants } = await outputs();
    const client = await postgresClient(administrator);
    await client.query("CREATE TABLE kept AS SELECT 'a row' AS line");
    await client.query("GRANT SELECT ON kept TO whisper, whisper_reader");
    await client.end();
    const reader = await postgresClient(reports);
    const { rows } = await reader.query("SELECT line, current_user::text AS who FROM kept");
    await reader.end();
    expect(rows).toEqual([{ line: "a row", who: "whisper_reader" }]);
    const { caCertificate } = z.object({ caCertificate: z.string() }).parse(pooled);
    await withValkey(cache, caCertificate, (valkey) => valkey.set("kept", "a key"));
    const { api } = consumers.parse(grants);
    await withBucket(api, spacesEndpoint(), (bucket) => bucket.put("kept", "an object"));
    await askGraph("CREATE (:Kept {name: 'a node'})");
  });

  /** Asks the Neo4j, as the application does; undefined where there is none to be had. */
  const askGraph = async (query: string): Promise<unknown[] | undefined> => {
    if (!neo4jIsToBeHad) return undefined;
    const { uri, password, caCertificate } = z
      .object({ uri: z.string(), password: z.string(), caCertificate: z.string() })
      .parse((await outputs()).graph);
    const authorityFile = join(folder, "graph-ca.crt");
    writeFileSync(authorityFile, caCertificate);
    const address = await vi.waitFor(
      async () => {
        const { clusters } = await new SandboxClient(sandbox.record).status();
        return z.string().parse(clusters[0]?.podServers[0]?.address);
      },
      { timeout: 60_000 },
    );
    const driver = neo4jDriver({ uri, password, authorityFile, address });
    try {
      const { records } = await driver.executeQuery(query);
      return records.map((row) => row.get(0));
    } finally {
      await driver.close();
      vi.restoreAllMocks();
    }
  };
  /** What is left in the graph of what was written. */
  const graphHolds = () => askGraph("MATCH (kept:Kept) RETURN kept.name");
  const nodesHeld = neo4jIsToBeHad ? ["a node"] : undefined;
  /** What the last operation did to each resource of the Neo4j. */
  const stepsOfGraph = () =>
    engine.events
      .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
      .filter(({ urn }) => urn.includes("whisper:neo4j:Neo4j$"))
      .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);

  /** Nothing was replaced on the way, and nothing restored: what was written is still there. */
  const stillHeld = async () => {
    const { pooled, cache, grants } = await outputs();
    const client = await postgresClient(pooled);
    const { rows } = await client.query("SELECT line FROM kept");
    await client.end();
    const { caCertificate } = z.object({ caCertificate: z.string() }).parse(pooled);
    const key = await withValkey(cache, caCertificate, (valkey) => valkey.get("kept"));
    const { worker } = consumers.parse(grants);
    const object = await withBucket(worker, spacesEndpoint(), (bucket) => bucket.get("kept"));
    return { row: rows[0]?.line, key, object };
  };
  const held = { row: "a row", key: "a key", object: "an object" };
  /** Of the server that the application reaches, and of the one that reports do. */
  const majorVersions = async () => {
    const { pooled, readOnly } = await outputs();
    return Promise.all(
      [pooled, readOnly].map(async (connection) => {
        const client = await postgresClient(connection);
        const { rows } = await client.query(
          "SELECT current_setting('server_version_num')::int / 10000 AS major",
        );
        await client.end();
        return rows[0]?.major;
      }),
    );
  };

  /** What the cloud has been told of the disk and the log of PostgreSQL. */
  const keptOfPostgres = async () => {
    const path = `/v2/databases/${(await outputs()).postgresId}`;
    const { database } = z
      .object({ database: z.object({ storage_autoscale: z.unknown() }) })
      .parse(await ask(path));
    const { sinks } = z
      .object({
        sinks: z.array(z.object({ sink_name: z.string(), sink_type: z.string(), config: z.unknown() })),
      })
      .parse(await ask(`${path}/logsink`));
    return { autoscale: database.storage_autoscale, sinks };
  };

  it("leave no secret in the clear", async () => {
    const state = await engine.readState();
    const secrets = z
      .object({ pooled: z.object({ password: z.string() }), cache: z.object({ password: z.string() }) })
      .parse(await outputs());
    for (const secret of [
      secrets.pooled.password,
      secrets.cache.password,
      "top-secret-webhook",
      "top-secret-writer",
    ]) {
      expect(state).not.toContain(secret);
    }
  });

  it("change nothing when nothing has changed", async () => {
    expect(await up()).toEqual([]);
    await engine.stack.refresh({ expectNoChanges: true });
  });

  it("leave the number of an elastic pool to its controller", async () => {
    const poolId = z.string().parse((await engine.outputs()).elasticPool?.value);
    const { ports, apiToken } = sandbox.record;
    const apiUrl = `http://127.0.0.1:${ports.api}`;
    const api = new DigitalOcean({ apiUrl, token: async () => apiToken, timeoutMs: 60_000 });
    const controller = new AutoscalePool(api, poolId);
    await controller.resize(3);
    await engine.stack.refresh({ expectNoChanges: true });
    expect(await up()).toEqual([]);
    expect(await controller.read()).toMatchObject({ target: 3 });
    expect(await controller.members()).toHaveLength(3);
  });

  it("change beneath their clients: stores grow while one goes on reading, nodes while pods go on serving", async () => {
    settings.slowStatementMs = 500;
    settings.corsOrigins = ["https://whisper.example.com", "https://app.whisper.example.com"];
    settings.databaseSize = "db-s-4vcpu-8gb";
    settings.diskGib = 150;
    settings.readReplica = true;
    settings.logDays = 30;
    settings.nodeSize = "s-4vcpu-8gb";
    const { clusterId } = await outputs();
    const access = clusterAccess.parse(await ask(`/v2/kubernetes/clusters/${clusterId}/credentials`));
    const before = new Map((await volumes()).map(({ id, droplet_ids: [droplet] }) => [id, droplet]));
    let changes: string[] = [];
    const pods = await followPods(access);
    const { times, longestSilence } = await askedMeanwhile(
      (await outputs()).pooled,
      "SELECT line FROM kept",
      async () => {
        changes = await up();
      },
    );
    // The old pool is gone for the API before its pods have moved.
    const moved = () => pods.nodes().filter((node) => node.includes("s-4vcpu-8gb"));
    await expect.poll(moved, { timeout: 100_000 }).toHaveLength(replicas);
    await expect
      .poll(volumes, { timeout: 100_000 })
      .toSatisfy((all: Awaited<ReturnType<typeof volumes>>) =>
        all.every(({ id, droplet_ids: [now] }) => now !== undefined && now !== before.get(id)),
      );
    await pods.stop();
    expect(changes).toEqual([
      "create e2e-postgres-replica",
      "create e2e-postgres-replica-firewall",
      "create-replacement e2e-cluster-general",
      "delete-replaced e2e-cluster-general",
      "replace e2e-cluster-general",
      "update e2e-alerts-postgres-load",
      "update e2e-alerts-valkey-load",
      "update e2e-media-cors",
      "update e2e-postgres-cluster",
      "update e2e-postgres-config",
      "update e2e-postgres-log-sink",
      "update e2e-valkey-cluster",
    ]);
    expect(times).toBeGreaterThan(1);
    // A server that is resized is started anew, as a failover would take; the change is many times longer.
    expect(longestSilence).toBeLessThan(0.5);
    // A budget lets one pod at a time move; the stores' volumes have followed their pods.
    expect(pods.fewest()).toBe(floor);
    expect((await volumes()).map(({ id }) => id).sort()).toEqual([...before.keys()].sort());
    expect(before.size).toBe(2);
    expect(await stillHeld()).toEqual(held);
    expect(await graphHolds()).toEqual(nodesHeld);
    const { pooled, readOnly } = await outputs();
    expect(Object(readOnly).host).not.toBe(Object(pooled).host);
  });

  it("move to a newer PostgreSQL in place, to a new pool before the old one goes, into a project without leaving it, and to nothing else", async () => {
    expect(await majorVersions()).toEqual([17, 17]);
    settings.postgresVersion = "18";
    settings.poolSize = 30;
    settings.diskGrows = true;
    const members = [
      "urn:pulumi:dev::stand-ins::whisper:project:Project$digitalocean:index",
      "projectResources:ProjectResources::e2e-members",
    ].join("/");
    const inProject = await projectMembers();
    // What the cluster's workloads have made is where the cluster is.
    for (const kind of ["dbaas", "kubernetes", "volume"]) {
      expect(inProject).toContainEqual(expect.stringMatching(`^do:${kind}:`));
    }
    expect(await changesOf((options) => engine.stack.up({ ...options, replace: [members] }))).toEqual([
      "create e2e-postgres-pool-transaction-30",
      "create-replacement e2e-members",
      "delete e2e-postgres-pool-transaction-20",
      "delete-replaced e2e-members",
      "replace e2e-members",
      "update e2e-postgres-cluster",
    ]);
    expect(await projectMembers()).toEqual(inProject);
    expect(await stillHeld()).toEqual(held);
    expect(await majorVersions()).toEqual([18, 18]);
    expect(await keptOfPostgres()).toEqual({
      autoscale: { enabled: true, threshold_percent: 80, increment_gib: 20 },
      sinks: [
        {
          sink_name: "e2e-postgres-log-sink",
          sink_type: "opensearch",
          config: expect.objectContaining({ index_days_max: 30 }),
        },
      ],
    });
    await engine.stack.refresh({ expectNoChanges: true });
  });

  it("stay as they are when an older PostgreSQL is asked for", async () => {
    settings.postgresVersion = "17";
    const cluster = [
      "urn:pulumi:dev::stand-ins::whisper:postgres:Postgres$digitalocean:index",
      "databaseCluster:DatabaseCluster::e2e-postgres-cluster",
    ].join("/");
    await expect(engine.stack.up({ target: [cluster] })).rejects.toThrow(/no newer version, not to 17/);
    settings.postgresVersion = "18";
    expect(await majorVersions()).toEqual([18, 18]);
    expect(await stillHeld()).toEqual(held);
  });

  it("leave running droplets alone until their generation is raised", async () => {
    settings.workerImage = "registry.digitalocean.com/whisper/worker:0.2.0";
    expect(await changesOf((options) => engine.stack.preview(options))).toEqual([]);
    expect(rollOutsDue()).toEqual(["e2e-elastic", "e2e-gpu"]);
    settings.workerImage = "registry.digitalocean.com/whisper/worker:0.1.0";
    settings.gpuSize = "gpu-6000adax1-48gb";
    expect(await changesOf((options) => engine.stack.preview(options))).toEqual([]);
    expect(rollOutsDue()).toEqual(["e2e-elastic", "e2e-gpu"]);
    settings.workerImage = "registry.digitalocean.com/whisper/worker:0.2.0";
    settings.generation = 2;
    settings.dropletsWork = false;
    const counts = await workersMeanwhile(async () => {
      // The new ones are made, and do not work: the `up` fails, and nobody goes.
      const failed = await changesOf((options) =>
        expect(engine.stack.up(options)).rejects.toThrow(/e2e-rollout/),
      );
      expect(failed).toContain("create e2e-gpu-g2-0");
      expect(failed.filter((change) => change.startsWith("delete"))).toEqual([]);
      expect(await workers()).toEqual(["e2e-gpu-g1-0", "e2e-gpu-g2-0"]);
      settings.dropletsWork = true;
      // With other names for components: a store's is its alone, a project is called otherwise in the cloud too.
      settings.postgresName = "e2e-database";
      settings.valkeyName = "e2e-broker";
      settings.mediaName = "e2e-uploads";
      settings.graphName = "e2e-knowledge";
      settings.projectName = "e2e-moved";
      const changes = await up();
      expect(changes.filter((change) => change.startsWith("delete"))).toEqual([
        "delete e2e-elastic-g1",
        "delete e2e-gpu-g1-0",
      ]);
      expect(changes).toContain("update e2e-moved-project");
      expect(stepsOfGraph()).toContain("same e2e-knowledge-stateful-set");
      expect(stepsOfGraph().filter((step) => !step.startsWith("same "))).toEqual([]);
    });
    expect(await workers()).toEqual(["e2e-gpu-g2-0"]);
    // Never below what the pool is to have, and one more meanwhile.
    expect([...counts].sort()).toEqual([1, 2]);
    expect(rollOutsDue()).toEqual([]);
    expect(await stillHeld()).toEqual(held);
    expect(await graphHolds()).toEqual(nodesHeld);
  });

  /** Names of the fixed pool's active droplets. */
  async function workers(): Promise<string[]> {
    const { droplets } = z
      .object({ droplets: z.array(z.object({ name: z.string(), status: z.string() })) })
      .parse(await ask("/v2/droplets?per_page=200"));
    return droplets
      .filter(({ name, status }) => name.startsWith("e2e-gpu-g") && status === "active")
      .map(({ name }) => name)
      .sort();
  }

  /** Every number of active droplets that the fixed pool was seen to have while something was done. */
  async function workersMeanwhile(work: () => Promise<void>): Promise<Set<number>> {
    const counts = new Set<number>();
    let done = false;
    const watching = (async () => {
      while (!done) {
        counts.add((await workers()).length);
        await delay(20);
      }
    })();
    try {
      await work();
    } finally {
      done = true;
      await watching;
    }
    return counts;
  }

  it("refuse to go while they are protected, and leave nothing once they are not", async () => {
    settings.protect = true;
    await up();
    await expect(engine.stack.destroy()).rejects.toThrow(/protect/);
    settings.protect = false;
    await up();
    await engine.stack.destroy();
    expect(await inventory()).toEqual({});
  });
});
