import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseSizes } from "../../catalog/sizes.ts";
import type { PostgresArgs } from "../../components/postgres/arguments.ts";
import { postgresUri } from "../../components/postgres/connection.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { settingsOfEverySize, tuningOf } from "../../components/postgres/tuning.ts";
import { ownership, placement } from "./fixtures.ts";
import { isSecret, record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const make = (args: Partial<PostgresArgs> = {}) =>
  new Postgres("db", {
    ownership,
    placement: placement(),
    size: "db-s-2vcpu-4gb",
    trustedClusterIds: ["cluster-id"],
    ...args,
  });
const postgres = (args?: Partial<PostgresArgs>) => record(() => make(args));

describe("PostgreSQL", () => {
  it("is a cluster in the VPC that declares itself and its backup", async () => {
    const recording = await postgres();
    expect(recording.named("db-cluster").inputs).toEqual({
      name: "db-cluster",
      engine: "pg",
      version: "18",
      size: "db-s-2vcpu-4gb",
      nodeCount: 1,
      region: "tor1",
      privateNetworkUuid: "vpc-id",
      maintenanceWindows: [{ day: "sunday", hour: "03:00" }],
      tags: [
        "backup-retention:7d",
        "backup:managed-daily",
        "component:postgres",
        "cost-centre:transcription",
        "environment:staging",
        "owner:platform-team",
        "recovery-point:5m",
        "recovery-time:1h",
        "store:postgres",
      ],
    });
  });

  it("is given more disk where wanted, and the size that it has grown to is left alone", async () => {
    const diskGrowth = { thresholdPercent: 80, incrementGib: 20 };
    const grown = (await postgres({ diskGib: 80, diskGrowth })).named("db-cluster");
    expect(grown.inputs).toMatchObject({
      storageSizeMib: "81920",
      storageAutoscale: { enabled: true, thresholdPercent: 80, incrementGib: 20 },
    });
    expect(grown.ignoreChanges).toContain("storageSizeMib");
    const fixed = (await postgres({ diskGib: 80 })).named("db-cluster");
    expect(fixed.inputs).not.toHaveProperty("storageAutoscale");
    expect(fixed.ignoreChanges).not.toContain("storageSizeMib");
  });

  it("begins with another cluster's backup where told, and takes the database and the user that come with it", async () => {
    const at = "2026-11-20T15:03:27+01:00";
    const recording = await postgres({ restoreFrom: { cluster: "old-cluster", at } });
    const cluster = recording.named("db-cluster");
    expect(cluster.inputs).toMatchObject({
      backupRestore: { databaseName: "old-cluster", backupCreatedAt: at },
    });
    // It counts at birth. Were a change of it ignored, the gate could not see one.
    expect(cluster.ignoreChanges ?? []).not.toContain("backupRestore");
    expect(recording.result.direct).toBeDefined();
    expect(await resolved(recording.result.direct.uri)).toContain("/whisper?sslmode=require");
    expect(recording.named("db-pool-transaction-20").inputs).toMatchObject({ dbName: "whisper" });
  });

  it("sends its log where told, by TLS", async () => {
    const recording = await postgres({ logSink: { server: "logs.example.com", caCertificate: "PEM" } });
    expect(recording.named("db-log-sink").inputs).toEqual({
      clusterId: "db-cluster-id",
      name: "db-log-sink",
      server: "logs.example.com",
      port: 6514,
      tls: true,
      format: "rfc5424",
      caCert: "PEM",
    });
    expect((await postgres()).ofType("DatabaseLogsinkRsyslog")).toEqual([]);
  });

  it("sends its log to an index where told, and shows nobody the password of it", async () => {
    const endpoint = "https://writer:hidden@search.example.com:9200";
    const recording = await postgres({ logSink: { endpoint, retentionDays: 14 } });
    expect(recording.named("db-log-sink").inputs).toEqual({
      clusterId: "db-cluster-id",
      name: "db-log-sink",
      endpoint,
      indexPrefix: "db-log-sink",
      indexDaysMax: 14,
    });
    expect(recording.named("db-log-sink").secretInputs).toEqual(["endpoint"]);
    expect(recording.named("db").secretInputs).toContain("logSink");
    expect(recording.ofType("DatabaseLogsinkRsyslog")).toEqual([]);
  });

  it("proves who it is to a server that asks", async () => {
    const proof = { clientCertificate: "PEM", clientKey: "hidden" };
    const recording = await postgres({ logSink: { server: "logs.example.com", ...proof } });
    expect(recording.named("db-log-sink").inputs).toMatchObject({ clientCert: "PEM", clientKey: "hidden" });
    expect(recording.named("db-log-sink").secretInputs).toEqual(["clientKey"]);
  });

  it("is called in the cloud what it was called, when the component gets another name", async () => {
    const recording = await postgres({
      cloudName: "old",
      readReplicas: { replica: {} },
      logSink: { server: "logs.example.com" },
    });
    const nameOf = (child: string) => recording.named(child).inputs.name;
    expect(["db-cluster", "db-replica", "db-log-sink"].map(nameOf)).toEqual([
      "old-cluster",
      "old-replica",
      "old-log-sink",
    ]);
  });

  it("never takes a project, which would replace it", async () => {
    const recording = await postgres();
    expect(recording.named("db-cluster").inputs).not.toHaveProperty("projectId");
  });

  it("is protected with its database, unless told otherwise", async () => {
    const kept = await postgres();
    expect(kept.resources.filter(({ protect }) => protect).map(({ name }) => name)).toEqual([
      "db-cluster",
      "db-database",
    ]);
    const loose = await postgres({ protect: false });
    expect(loose.resources.filter(({ protect }) => protect)).toEqual([]);
  });

  it("lets in whom it trusts, by reference, and nobody else", async () => {
    const recording = await postgres({ trustedTags: ["gpu-members"], trustedAddresses: ["203.0.113.7"] });
    expect(recording.named("db-firewall").inputs).toEqual({
      clusterId: "db-cluster-id",
      rules: [
        { type: "k8s", value: "cluster-id" },
        { type: "tag", value: "gpu-members" },
        { type: "ip_addr", value: "203.0.113.7" },
      ],
    });
  });

  it.each<[Partial<PostgresArgs>, object]>([
    [{ standbyNodes: 2 }, { nodeCount: 3 }],
    [{ version: "17" }, { version: "17" }],
    [{ size: "db-s-4vcpu-8gb" }, { size: "db-s-4vcpu-8gb" }],
    [{ diskGib: 100 }, { storageSizeMib: "102400" }],
    [
      { maintenanceWindow: { day: "tuesday", hourUtc: 14 } },
      { maintenanceWindows: [{ day: "tuesday", hour: "14:00" }] },
    ],
  ])("has %o as %o on its cluster", async (args, inputs) => {
    expect((await postgres(args)).named("db-cluster").inputs).toMatchObject(inputs);
  });

  it("has its settings", async () => {
    const recording = await postgres({ slowStatementMs: 250, backupHourUtc: 5 });
    expect(recording.named("db-config").inputs).toEqual({
      clusterId: "db-cluster-id",
      timezone: "UTC",
      backupHour: 5,
      backupMinute: 0,
      idleInTransactionSessionTimeout: 60_000,
      logMinDurationStatement: 250,
      // 4 GiB and 2 CPUs: three quarters of the memory for 97 connections with three sorts each.
      sharedBuffersPercentage: 25,
      workMem: 10,
      maxParallelWorkersPerGather: 1,
      tempFileLimit: 6 * 1024 * 1024,
      autovacuumVacuumCostLimit: 400,
      ...settingsOfEverySize,
    });
  });

  it("has settings that suit its size, or what is said instead", async () => {
    const small = await postgres({ size: "db-s-1vcpu-1gb" });
    expect(small.named("db-config").inputs).toMatchObject({
      workMem: 11,
      maxParallelWorkersPerGather: 0,
      tempFileLimit: 1024 * 1024,
    });
    const told = await postgres({ diskGib: 100, tuning: { workMemMib: 32 } });
    expect(told.named("db-config").inputs).toMatchObject({ workMem: 32, tempFileLimit: 10 * 1024 * 1024 });
  });

  it.each(databaseSizes.map((size) => [size.slug, size] as const))(
    "on %s, leaves the memory for its connections that it does not keep itself",
    (_slug, size) => {
      const { sharedBuffersPercent, workMemMib } = tuningOf(size);
      const sorting = workMemMib * size.connections;
      expect(sorting + (size.memoryMib * sharedBuffersPercent) / 100).toBeLessThan(size.memoryMib);
    },
  );

  it("is watched at thresholds of its size", async () => {
    const { result } = await postgres({ size: "db-s-4vcpu-8gb" });
    expect(await resolved(result.watched.rules)).toMatchObject({
      load: { type: "v1/dbaas/alerts/load_15_alerts", value: 8 },
      "disk-full": { value: 90 },
    });
  });

  it("has a database, its users and a pool of 20 for the application's", async () => {
    const recording = await postgres();
    expect(recording.named("db-database").inputs).toEqual({ clusterId: "db-cluster-id", name: "whisper" });
    for (const [child, name] of Object.entries({
      "db-user": "whisper",
      "db-owner": "whisper_owner",
      "db-reader": "whisper_reader",
      "db-monitor": "whisper_monitor",
    })) {
      expect(recording.named(child).inputs).toEqual({ clusterId: "db-cluster-id", name });
    }
    expect(recording.named("db-pool-transaction-20").inputs).toEqual({
      clusterId: "db-cluster-id",
      name: "whisper-transaction-20",
      mode: "transaction",
      size: 20,
      dbName: "whisper",
      user: "whisper",
    });
  });

  it("names database, user and pool as it is told, and a changed pool anew", async () => {
    const recording = await postgres({
      databaseName: "jobs",
      userName: "app",
      poolSize: 50,
      poolMode: "session",
    });
    expect(recording.named("db-database").inputs).toMatchObject({ name: "jobs" });
    expect(recording.named("db-user").inputs).toMatchObject({ name: "app" });
    expect(recording.named("db-pool-session-50").inputs).toMatchObject({
      name: "jobs-session-50",
      size: 50,
      mode: "session",
    });
  });

  it("hands on how to reach it: pooled, and past the pool", async () => {
    const { result } = await postgres();
    expect(await resolved(result.pooled)).toEqual({
      host: "db-pool-transaction-20.private.example",
      port: 25061,
      database: "whisper-transaction-20",
      user: "whisper",
      password: "us:er@1",
      uri: "postgresql://whisper:us%3Aer%401@db-pool-transaction-20.private.example:25061/whisper-transaction-20?sslmode=require",
      caCertificate: "PEM",
    });
    const primary = { host: "db-cluster.private.example", port: 25060, database: "whisper" };
    expect(await resolved(result.direct)).toMatchObject({ ...primary, user: "whisper_owner" });
    expect(await resolved(result.readOnly)).toMatchObject({ ...primary, user: "whisper_reader" });
  });

  it("hands on what gives its users their rights: the administrator, the owner, and a script that knows no password", async () => {
    const { result } = await postgres({ userName: "app", databaseName: "jobs" });
    const { administrator, owner, script, ownerUrlVariable } = result.privileges;
    expect(await resolved(administrator)).toMatchObject({
      host: "db-cluster.private.example",
      database: "jobs",
      // The cluster's own.
      user: "default",
    });
    expect(await isSecret(administrator.password)).toBe(true);
    expect(await resolved(owner)).toMatchObject({ user: "app_owner", database: "jobs" });
    expect(script).toContain(
      'GRANT CONNECT ON DATABASE "jobs" TO "app_owner", "app", "app_reader", "app_monitor";',
    );
    expect(script).toContain(`\\getenv owner_url ${ownerUrlVariable}\n\\connect :owner_url\n`);
  });

  it("keeps what is secret secret", async () => {
    const { result } = await postgres();
    expect(await isSecret(result.pooled.uri)).toBe(true);
    expect(await isSecret(result.pooled.password)).toBe(true);
    expect(await isSecret(result.pooled.host)).toBe(false);
  });

  it("has a read replica where wanted, as closed as the primary", async () => {
    const recording = await postgres({ readReplicas: { replica: {} } });
    expect(recording.named("db-replica").inputs).toMatchObject({
      clusterId: "db-cluster-id",
      size: "db-s-2vcpu-4gb",
    });
    expect(recording.named("db-replica").ignoreChanges).toEqual(["tags"]);
    expect(recording.named("db-replica-firewall").inputs).toEqual({
      clusterId: "db-replica-uuid",
      rules: [{ type: "k8s", value: "cluster-id" }],
    });
    expect(await resolved(recording.result.readOnly)).toMatchObject({
      host: "db-replica.private.example",
      user: "whisper_reader",
    });
  });

  it("has as many replicas as are wanted: another's size brings the disk that its primary has, another region its own VPC", async () => {
    const recording = await postgres({
      readReplicas: {
        "replica-europe": { region: "ams3", vpcId: "vpc-in-ams3" },
        "replica-reports": { size: "db-s-4vcpu-8gb" },
        "replica-local": { size: "gd-2vcpu-8gb" },
      },
    });
    expect(recording.named("db-replica-europe").inputs).toMatchObject({
      name: "db-replica-europe",
      region: "ams3",
      size: "db-s-2vcpu-4gb",
      privateNetworkUuid: "vpc-in-ams3",
    });
    expect(recording.named("db-replica-europe-firewall").inputs).toMatchObject({
      clusterId: "db-replica-europe-uuid",
    });
    const besideIt = { region: "tor1", privateNetworkUuid: "vpc-id" };
    // 140 GiB that its size includes; 60 GiB of its primary, where its size includes 30.
    expect(recording.named("db-replica-reports").inputs).toMatchObject({
      ...besideIt,
      size: "db-s-4vcpu-8gb",
      storageSizeMib: "143360",
    });
    expect(recording.named("db-replica-local").inputs).toMatchObject({
      ...besideIt,
      storageSizeMib: "61440",
    });
    const { replicas, readOnly } = recording.result;
    expect(Object.keys(replicas)).toEqual(["replica-europe", "replica-reports", "replica-local"]);
    expect(await resolved(replicas["replica-europe"])).toMatchObject({
      host: "db-replica-europe.private.example",
      user: "whisper_reader",
    });
    // What is elsewhere is out of reach for who reads here.
    expect(await resolved(readOnly.host)).toBe("db-replica-reports.private.example");
  });

  it("is read at the primary while its only replica is elsewhere", async () => {
    const { result } = await postgres({ readReplicas: { replica: { region: "ams3", vpcId: "there" } } });
    expect(await resolved(result.readOnly.host)).toBe("db-cluster.private.example");
  });

  it("has further pools where wanted, each with its mode, its user and its database", async () => {
    const recording = await postgres({
      pools: {
        reports: { size: 5, mode: "session", user: "reader" },
        billing: { size: 3, databaseName: "billing" },
      },
    });
    expect(
      recording
        .ofType("DatabaseConnectionPool")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["db-pool-billing-transaction-3", "db-pool-reports-session-5", "db-pool-transaction-20"]);
    expect(recording.named("db-pool-reports-session-5").inputs).toEqual({
      clusterId: "db-cluster-id",
      name: "whisper-reports-session-5",
      mode: "session",
      size: 5,
      dbName: "whisper",
      user: "whisper_reader",
    });
    expect(recording.named("db-pool-billing-transaction-3").inputs).toMatchObject({
      name: "billing-billing-transaction-3",
      dbName: "billing",
      user: "whisper",
    });
    const { pools, pooled } = recording.result;
    expect(await resolved(pools.reports)).toMatchObject({
      host: "db-pool-reports-session-5.private.example",
      port: 25061,
      database: "whisper-reports-session-5",
      user: "whisper_reader",
    });
    expect(await resolved(pooled.database)).toBe("whisper-transaction-20");
  });

  itRefuses<PostgresArgs>(make, [
    [
      "a replica elsewhere without a VPC of there, and a VPC of nowhere",
      { readReplicas: { replica: { region: "ams3" }, "replica-b": { vpcId: "there" } } },
      ["readReplicas.replica.vpcId", "readReplicas.replica-b.region"],
    ],
    [
      "a replica in no region, of no size, and called as something else is",
      { readReplicas: { cluster: { size: "db-huge", region: "mars1", vpcId: "there" } } },
      ["readReplicas.cluster", "readReplicas.cluster.size", "readReplicas.cluster.region"],
    ],
    [
      "a replica that is less than its primary, or has no room for its disk",
      {
        diskGib: 100,
        readReplicas: { replica: { size: "db-s-1vcpu-2gb" }, "replica-b": { size: "gd-2vcpu-8gb" } },
      },
      ["readReplicas.replica.size", "readReplicas.replica-b.size"],
    ],
    [
      "pools that together leave no room for migrations",
      { pools: { a: { size: 40 }, b: { size: 36 } } },
      ["pools"],
    ],
    [
      "pools of no name, of a name too long, and of no size for a database of an odd name",
      {
        pools: {
          A: { size: 1 },
          [`a${"b".repeat(45)}`]: { size: 1, mode: "transaction" },
          c: { size: 0, databaseName: "my db" },
        },
      },
      ["pools.A", `pools.a${"b".repeat(45)}`, "pools.c.size", "pools.c.databaseName"],
    ],
    ["an unknown size", { size: "db-huge" }, ["size"]],
    ["an unknown version", { version: "9" }, ["version"]],
    [
      "names that PostgreSQL keeps for itself",
      { userName: "pg_app", databaseName: "template1" },
      ["databaseName", "userName"],
    ],
    [
      "names that a cluster is born with",
      { userName: "doadmin", databaseName: "defaultdb" },
      ["databaseName", "userName"],
    ],
    ["more nodes than there can be", { standbyNodes: 3 }, ["standbyNodes", "standbyNodes"]],
    ["more nodes than the size has", { size: "db-s-1vcpu-1gb", standbyNodes: 1 }, ["standbyNodes"]],
    ["trust in nobody", { trustedClusterIds: [] }, ["trustedClusterIds"]],
    ["trust in everybody", { trustedAddresses: ["0.0.0.0/0"] }, ["trustedAddresses[0]"]],
    ["trust in half of everybody", { trustedAddresses: ["128.0.0.0/1"] }, ["trustedAddresses[0]"]],
    ["trust in no address", { trustedAddresses: ["203.0.113.7", "office"] }, ["trustedAddresses[1]"]],
    [
      "trust in too many",
      { trustedTags: Array.from({ length: 100 }, (_, index) => `tag-${index}`) },
      ["trustedAddresses"],
    ],
    [
      "an hour there is not",
      { maintenanceWindow: { day: "monday", hourUtc: 24 } },
      ["maintenanceWindow.hourUtc"],
    ],
    ["a pool that leaves no room for migrations", { size: "db-s-1vcpu-1gb", poolSize: 21 }, ["poolSize"]],
    ["an empty pool", { poolSize: 0 }, ["poolSize"]],
    ["a disk smaller than what is included", { diskGib: 10 }, ["diskGib"]],
    ["a disk larger than the size's limit", { diskGib: 10_000 }, ["diskGib"]],
    [
      "growth of a disk that there is not, for which no room can be told",
      { diskGib: 10_000, diskGrowth: { thresholdPercent: 80, incrementGib: 20 } },
      ["diskGib"],
    ],
    [
      "growth in steps that there are not",
      { diskGrowth: { thresholdPercent: 10, incrementGib: 5 } },
      ["diskGrowth.thresholdPercent", "diskGrowth.incrementGib"],
    ],
    [
      "growth for which the size has no room",
      { diskGib: 130, diskGrowth: { thresholdPercent: 80, incrementGib: 20 } },
      ["diskGrowth.incrementGib"],
    ],
    ["a restore of no cluster", { restoreFrom: { cluster: "" } }, ["restoreFrom.cluster"]],
    ["a moment that is none", { restoreFrom: { cluster: "old", at: "yesterday" } }, ["restoreFrom.at"]],
    [
      "a moment of some zone",
      { restoreFrom: { cluster: "old", at: "2026-11-20T14:03:27" } },
      ["restoreFrom.at"],
    ],
    [
      "a log sent nowhere",
      { logSink: { server: "https://logs.example.com", port: 0 } },
      ["logSink.server", "logSink.port"],
    ],
    [
      "a tuning that there is not",
      { tuning: { workMemMib: 0, sharedBuffersPercent: 10, parallelWorkers: 0.5 } },
      ["tuning.sharedBuffersPercent", "tuning.workMemMib", "tuning.parallelWorkers"],
    ],
    ["a log sent nowhere at all", { logSink: {} }, ["logSink"]],
    [
      "a log sent to two places",
      { logSink: { server: "logs.example.com", endpoint: "https://search.example.com" } },
      ["logSink"],
    ],
    [
      "half a proof, and what belongs to the other kind of sink",
      { logSink: { server: "logs.example.com", clientKey: "hidden", retentionDays: 7 } },
      ["logSink.retentionDays", "logSink.clientCertificate"],
    ],
    [
      "an index in the clear, for no time",
      { logSink: { endpoint: "http://search.example.com", retentionDays: 0, indexPrefix: "Logs" } },
      ["logSink.endpoint", "logSink.indexPrefix", "logSink.retentionDays"],
    ],
    ["names to be quoted", { databaseName: "My DB", userName: "1st" }, ["databaseName", "userName"]],
    [
      "everything at once",
      { size: "x", backupHourUtc: 25, slowStatementMs: 0, statementTimeoutMs: -1 },
      ["size", "backupHourUtc", "slowStatementMs", "statementTimeoutMs"],
    ],
  ]);
});

describe("a connection's URI", () => {
  it("can be read back, whatever the password holds", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, text, (user, password, database) => {
        const uri = new URL(postgresUri({ host: "db.example", port: 25060, user, password, database }));
        expect(decodeURIComponent(uri.username)).toBe(user);
        expect(decodeURIComponent(uri.password)).toBe(password);
        expect(uri.searchParams.get("sslmode")).toBe("require");
        expect(uri.host).toBe("db.example:25060");
      }),
    );
  });
});
