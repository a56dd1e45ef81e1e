import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

interface Database {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly private_network_uuid: string;
  readonly connection: { readonly uri: string; readonly host: string; readonly password: string };
}

const postgres = {
  name: "whisper-postgres",
  engine: "pg",
  version: "18",
  num_nodes: 2,
  size: "db-s-2vcpu-4gb",
  region: "fra1",
  tags: ["component:postgres"],
};
const valkey = {
  name: "whisper-valkey",
  engine: "valkey",
  version: "8",
  num_nodes: 1,
  size: "db-s-1vcpu-1gb",
  region: "fra1",
};

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});
afterEach(() => cloud.close());

const create = async (body: object = postgres) =>
  (await cloud.ok<{ database: Database }>("POST", "/v2/databases", body)).database;
const online = async (body: object = postgres) => {
  const database = await create(body);
  cloud.advance(1_000);
  return { database, path: `/v2/databases/${database.id}` };
};
const read = async (path: string) => (await cloud.ok<{ database: Database }>("GET", path)).database;

describe("database clusters", () => {
  it("are creating, then online, and go", async () => {
    const database = await create();
    const path = `/v2/databases/${database.id}`;
    expect(database).toMatchObject({
      status: "creating",
      num_nodes: 2,
      storage_size_mib: 61_440,
      db_names: ["defaultdb"],
      users: [{ name: "doadmin", role: "primary" }],
      connection: { port: 25060, ssl: true },
      standby_connection: { user: "doadmin" },
    });
    expect(database.connection.uri).toBe(
      `postgresql://doadmin:${database.connection.password}@${database.connection.host}:25060/defaultdb?sslmode=require`,
    );
    await cloud.refusal(412, "POST", `${path}/dbs`, { name: "app" });
    cloud.advance(1_000);
    expect(await read(path)).toMatchObject({ status: "online" });
    await cloud.restart();
    expect(await read(path)).toEqual({ ...database, status: "online" });
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", path);
  });

  it("are members of a VPC, which stays as long as they do", async () => {
    const { vpc } = await cloud.ok<{ vpc: { id: string } }>("POST", "/v2/vpcs", {
      name: "a",
      region: "fra1",
    });
    const database = await create({ ...postgres, private_network_uuid: vpc.id });
    expect(database.private_network_uuid).toBe(vpc.id);
    expect(await cloud.refusal(409, "DELETE", `/v2/vpcs/${vpc.id}`)).toContain(database.name);
    expect(await cloud.ok("GET", `/v2/vpcs/${vpc.id}/members`)).toMatchObject({
      members: [{ urn: `do:dbaas:${database.id}` }],
    });
    await cloud.ok("DELETE", `/v2/databases/${database.id}`);
    await cloud.ok("DELETE", `/v2/vpcs/${vpc.id}`);
  });

  it("are put into a project and bear tags", async () => {
    const { project } = await cloud.ok<{ project: { id: string } }>("POST", "/v2/projects", {
      name: "p",
      purpose: "x",
    });
    const { path } = await online({ ...postgres, project_id: project.id });
    expect(await read(path)).toMatchObject({ project_id: project.id });
    const resources = [{ resource_id: path.split("/").at(-1), resource_type: "database" }];
    await cloud.ok("POST", "/v2/tags", { name: "extra" });
    await cloud.ok("POST", "/v2/tags/extra/resources", { resources });
    expect(await read(path)).toMatchObject({ tags: ["component:postgres", "extra"] });
    await cloud.ok("DELETE", "/v2/tags/component:postgres");
    expect(await read(path)).toMatchObject({ tags: ["extra"] });
  });

  it.each([
    [{ engine: "redis" }, "use valkey"],
    [{ engine: "mysql" }, "engine: mysql"],
    [{ version: "9" }, "version: "],
    [{ size: "s-1vcpu-1gb" }, "size: "],
    [{ num_nodes: 4 }, "num_nodes: "],
    [{ num_nodes: 0 }, "num_nodes: "],
    [{ size: "db-s-1vcpu-1gb", num_nodes: 2 }, "num_nodes: "],
    [{ region: "mars1" }, "region: "],
    [{ name: "Upper" }, "name: "],
    [{ storage_size_mib: 1 }, "storage_size_mib: "],
    [{ private_network_uuid: "00000000-0000-4000-8000-000000000000" }, "private_network_uuid: "],
    [{ project_id: "00000000-0000-4000-8000-000000000000" }, "project_id: "],
    [{ nodecount: 1 }, "nodecount: unknown field"],
    [{ backup_restore: { database_name: "nobody" } }, "backup_restore: "],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/databases", { ...postgres, ...change })).toContain(message);
  });

  it("are refused with all faults at once, and twice", async () => {
    const message = await cloud.refusal(422, "POST", "/v2/databases", {
      ...postgres,
      version: "9",
      region: "mars1",
      num_nodes: 9,
    });
    for (const fault of ["version: ", "region: ", "num_nodes: "]) expect(message).toContain(fault);
    await create();
    expect(await cloud.refusal(422, "POST", "/v2/databases", postgres)).toContain("already exists");
  });

  it("grow, and do not shrink", async () => {
    const { path } = await online();
    await cloud.ok("PUT", `${path}/resize`, { size: "db-s-4vcpu-8gb", num_nodes: 3 });
    expect(await read(path)).toMatchObject({ status: "resizing", size: postgres.size });
    await cloud.refusal(412, "PUT", `${path}/resize`, { size: "db-s-4vcpu-8gb", num_nodes: 2 });
    cloud.advance(1_000);
    expect(await read(path)).toMatchObject({
      status: "online",
      size: "db-s-4vcpu-8gb",
      num_nodes: 3,
      storage_size_mib: 143_360,
    });
    expect(
      await cloud.refusal(422, "PUT", `${path}/resize`, { size: postgres.size, num_nodes: 3 }),
    ).toContain("smaller");
  });

  it("migrate into another region", async () => {
    const { path } = await online();
    await cloud.refusal(422, "PUT", `${path}/migrate`, { region: "fra1" });
    await cloud.ok("PUT", `${path}/migrate`, { region: "ams3" });
    expect(await read(path)).toMatchObject({ status: "migrating", region: "fra1" });
    cloud.advance(1_000);
    expect(await read(path)).toMatchObject({ status: "online", region: "ams3" });
  });

  it("are upgraded to newer versions only", async () => {
    const { path } = await online({ ...postgres, version: "16" });
    await cloud.refusal(422, "PUT", `${path}/upgrade`, { version: "15" });
    await cloud.ok("PUT", `${path}/upgrade`, { version: "18" });
    expect(await read(path)).toMatchObject({ status: "migrating", version: "16" });
    await cloud.refusal(412, "PUT", `${path}/upgrade`, { version: "18" });
    cloud.advance(1_000);
    expect(await read(path)).toMatchObject({ status: "online", version: "18" });
    expect(await cloud.refusal(422, "PUT", `${path}/upgrade`, { version: "17" })).toContain(
      "no newer version",
    );
  });

  it("are restored as what they are, and have no backups from before an upgrade", async () => {
    const { path, database } = await online({ ...postgres, version: "16" });
    const [before] = (await cloud.ok<{ backups: { created_at: string }[] }>("GET", `${path}/backups`))
      .backups;
    await cloud.ok("PUT", `${path}/upgrade`, { version: "18" });
    cloud.advance(10_000);
    const restore = (more: object) => ({
      ...{ ...postgres, name: "again", version: undefined },
      backup_restore: { database_name: database.name, ...more },
    });
    const asItWas = restore({ backup_created_at: before?.created_at });
    expect(await cloud.refusal(422, "POST", "/v2/databases", asItWas)).toContain("backup_created_at");
    const older = { ...restore({}), version: "16" };
    expect(await cloud.refusal(422, "POST", "/v2/databases", older)).toContain(
      "is 18, and so is what is restored",
    );
    const made = await cloud.ok<{ database: { version: string } }>("POST", "/v2/databases", restore({}));
    expect(made.database.version).toBe("18");
  });

  it("have a maintenance window, events, settings and an authority", async () => {
    const { path, database } = await online();
    await cloud.ok("PUT", `${path}/maintenance`, { day: "sunday", hour: "04:00" });
    expect(await read(path)).toMatchObject({ maintenance_window: { day: "sunday", hour: "04:00" } });
    await cloud.refusal(422, "PUT", `${path}/maintenance`, { day: "someday", hour: "25:00" });
    expect(await cloud.ok("GET", `${path}/events`)).toMatchObject({
      events: [{ cluster_name: database.name }],
    });
    await cloud.ok("PUT", `${path}/do_settings`, { do_settings: { service_cnames: ["db.example.com"] } });
    expect(await cloud.ok("GET", `${path}/do_settings`)).toEqual({
      do_settings: { service_cnames: ["db.example.com"] },
    });
    await cloud.ok("PUT", `${path}/autoscale`, {
      storage: { enabled: true, threshold_percent: 80, increment_gib: 10 },
    });
    expect(await cloud.ok("GET", `${path}/autoscale`)).toMatchObject({
      autoscale: { storage: { enabled: true } },
    });
    const { ca } = await cloud.ok<{ ca: { certificate: string } }>("GET", `${path}/ca`);
    expect(new X509Certificate(Buffer.from(ca.certificate, "base64")).ca).toBe(true);
    expect(await cloud.ok("GET", `${path}/ca`)).toEqual({ ca });
  });

  it("say what they offer, and how their metrics are read", async () => {
    expect(await cloud.ok("GET", "/v2/databases/options")).toMatchObject({
      options: {
        valkey: { versions: ["8"] },
        pg: { layouts: [{ num_nodes: 1 }, { num_nodes: 2 }, { num_nodes: 3 }] },
      },
    });
    const path = "/v2/databases/metrics/credentials";
    const first = await cloud.ok("GET", path);
    expect(await cloud.ok("GET", path)).toEqual(first);
    await cloud.ok("PUT", path, { credentials: { basic_auth_username: "u", basic_auth_password: "p" } });
    expect(await cloud.ok("GET", path)).toMatchObject({ credentials: { basic_auth_username: "u" } });
  });
});

describe("users, databases and pools", () => {
  it("stand on one another", async () => {
    const { path } = await online();
    expect(await cloud.ok("POST", `${path}/users`, { name: "app" })).toMatchObject({
      user: { name: "app", role: "normal" },
    });
    await cloud.refusal(409, "POST", `${path}/users`, { name: "app" });
    await cloud.ok("POST", `${path}/dbs`, { name: "whisper" });
    await cloud.refusal(409, "POST", `${path}/dbs`, { name: "whisper" });
    const pool = { name: "app", mode: "transaction", size: 20, db: "whisper", user: "app" };
    const made = await cloud.ok<{ pool: { connection: { uri: string } } }>("POST", `${path}/pools`, pool);
    expect(made.pool.connection.uri).toContain(":25061/app?sslmode=require");
    expect(await cloud.ok("GET", `${path}/pools/app`)).toEqual(made);
    expect(await cloud.ok("GET", `${path}/pools`)).toMatchObject({ pools: [{ name: "app" }] });
    await cloud.refusal(409, "DELETE", `${path}/users/app`);
    await cloud.refusal(409, "DELETE", `${path}/dbs/whisper`);
    await cloud.ok("PUT", `${path}/pools/app`, { mode: "session", size: 30, db: "whisper", user: "app" });
    expect(await cloud.ok("GET", `${path}/pools/app`)).toMatchObject({ pool: { size: 30, mode: "session" } });
    await cloud.ok("DELETE", `${path}/pools/app`);
    await cloud.ok("DELETE", `${path}/dbs/whisper`);
    await cloud.ok("DELETE", `${path}/users/app`);
    await cloud.refusal(404, "GET", `${path}/users/app`);
    await cloud.refusal(403, "DELETE", `${path}/users/doadmin`);
  });

  it.each([
    [{ size: 98 }, "97 of them left"],
    [{ size: 0 }, "size: "],
    [{ db: "nowhere" }, "db: "],
    [{ user: "nobody" }, "user: "],
    [{ mode: "fast" }, "mode: "],
  ])("refuse a pool with %j", async (change, message) => {
    const { path } = await online();
    const pool = { name: "p", mode: "transaction", size: 20, db: "defaultdb", user: "doadmin", ...change };
    expect(await cloud.refusal(422, "POST", `${path}/pools`, pool)).toContain(message);
  });

  it.each(["postgres", "public", "none", "pg_monitor"])(
    "refuse a PostgreSQL user %s, whom its server has or would not make",
    async (name) => {
      const { path } = await online();
      expect(await cloud.refusal(422, "POST", `${path}/users`, { name })).toContain("is reserved");
    },
  );

  it.each(["postgres", "template0", "template1"])(
    "refuse a database %s, which every server has",
    async (name) => {
      const { path } = await online();
      expect(await cloud.refusal(422, "POST", `${path}/dbs`, { name })).toContain("is reserved");
    },
  );

  it("reset a user's password", async () => {
    const { path } = await online();
    const { user: before } = await cloud.ok<{ user: { password: string } }>("GET", `${path}/users/doadmin`);
    const { user: after } = await cloud.ok<{ user: { password: string } }>(
      "POST",
      `${path}/users/doadmin/reset_auth`,
      {},
    );
    expect(after.password).not.toBe(before.password);
    expect(await read(path)).toMatchObject({ connection: { password: after.password } });
    await cloud.ok("PUT", `${path}/users/doadmin`, { settings: { pg_allow_replication: true } });
  });
});

describe("replicas", () => {
  const replica = { name: "whisper-replica", region: "fra1", size: "db-s-2vcpu-4gb", tags: ["role:reader"] };

  it("are made, grown, promoted and deleted", async () => {
    const { path } = await online();
    const made = await cloud.ok<{ replica: { id: string } }>("POST", `${path}/replicas`, replica);
    expect(made.replica).toMatchObject({ status: "creating", name: replica.name });
    cloud.advance(1_000);
    expect(await cloud.ok("GET", `${path}/replicas/${replica.name}`)).toMatchObject({
      replica: { status: "online" },
    });
    await cloud.ok("PUT", `/v2/databases/${made.replica.id}/resize`, {
      size: "db-s-4vcpu-8gb",
      num_nodes: 1,
    });
    expect(await cloud.ok("GET", `${path}/replicas`)).toMatchObject({ replicas: [{ status: "resizing" }] });
    await cloud.ok("PUT", `${path}/replicas/${replica.name}/promote`);
    expect(await cloud.ok("GET", `/v2/databases/${made.replica.id}`)).toMatchObject({
      database: { name: replica.name, num_nodes: 1 },
    });
    await cloud.refusal(404, "GET", `${path}/replicas/${replica.name}`);
    await cloud.ok("POST", `${path}/replicas`, { ...replica, name: "another" });
    await cloud.ok("DELETE", `${path}/replicas/another`);
  });

  it("are refused when they are too small, twice, or of Valkey", async () => {
    const { path } = await online();
    expect(
      await cloud.refusal(422, "POST", `${path}/replicas`, { ...replica, size: "db-s-1vcpu-1gb" }),
    ).toContain("storage_size_mib");
    await cloud.ok("POST", `${path}/replicas`, replica);
    await cloud.refusal(422, "POST", `${path}/replicas`, replica);
    const other = await online(valkey);
    expect(await cloud.refusal(422, "POST", `${other.path}/replicas`, replica)).toContain(
      "not supported for valkey",
    );
  });
});

describe("backups", () => {
  const dayMs = 24 * 3_600_000;

  it("are taken daily, kept for seven days, and restored into a new cluster", async () => {
    const { path } = await online();
    await cloud.ok("POST", `${path}/dbs`, { name: "whisper" });
    const backups = async () =>
      (await cloud.ok<{ backups: { created_at: string }[] }>("GET", `${path}/backups`)).backups;
    expect(await backups()).toHaveLength(1);
    cloud.advance(10 * dayMs);
    const [newest, ...older] = await backups();
    expect(older).toHaveLength(6);
    const restore = (backup_created_at: string) => ({
      ...postgres,
      name: "restored",
      backup_restore: { database_name: postgres.name, backup_created_at },
    });
    const moment = (ms: number) => new Date(cloud.now() + ms).toISOString();
    for (const wrong of ["2020-01-01T00:00:00Z", moment(1_000), "yesterday"])
      expect(await cloud.refusal(422, "POST", "/v2/databases", restore(wrong))).toContain(
        `any moment from ${older.at(-1)?.created_at} until now, not to ${wrong}`,
      );
    const restored = await create(restore(newest?.created_at ?? ""));
    expect(restored).toMatchObject({ status: "forking", db_names: ["defaultdb", "whisper"] });
  });

  it("are a base for every moment since the oldest: databases and users are what they were then", async () => {
    const { path } = await online();
    await cloud.ok("POST", `${path}/dbs`, { name: "whisper" });
    const { user } = await cloud.ok<{ user: { password: string } }>("POST", `${path}/users`, { name: "app" });
    cloud.advance(60_000);
    const at = new Date(cloud.now()).toISOString();
    cloud.advance(60_000);
    await cloud.ok("POST", `${path}/users/app/reset_auth`, {});
    await cloud.ok("DELETE", `${path}/dbs/whisper`);
    const restored = await create({
      ...postgres,
      name: "restored",
      backup_restore: { database_name: postgres.name, backup_created_at: at },
    });
    expect(restored).toMatchObject({
      db_names: ["defaultdb", "whisper"],
      users: [{ name: "doadmin" }, { name: "app", password: user.password }],
    });
    const latest = { ...postgres, name: "latest", backup_restore: { database_name: postgres.name } };
    expect(await create(latest)).toMatchObject({ db_names: ["defaultdb"] });
  });

  it("are not there for Valkey", async () => {
    const { path } = await online(valkey);
    expect(await cloud.refusal(422, "GET", `${path}/backups`)).toContain("not supported for valkey");
  });
});

describe("trusted sources", () => {
  it("are replaced as a whole, keep their ids, and let go of what is gone", async () => {
    const { path } = await online();
    await cloud.ok("POST", "/v2/tags", { name: "workers" });
    const put = (...rules: object[]) => cloud.ok("PUT", `${path}/firewall`, { rules });
    const get = async () =>
      (await cloud.ok<{ rules: { uuid: string; type: string; value: string }[] }>("GET", `${path}/firewall`))
        .rules;
    // As Go clients send it, with zero values for what the server decides.
    await put({
      uuid: "",
      cluster_uuid: "",
      type: "ip_addr",
      value: "10.0.0.0/8",
      created_at: "0001-01-01T00:00:00Z",
    });
    const [first] = await get();
    await put({ type: "ip_addr", value: "10.0.0.0/8" }, { type: "tag", value: "workers" });
    const rules = await get();
    expect(rules.map(({ type }) => type)).toEqual(["ip_addr", "tag"]);
    expect(rules[0]?.uuid).toBe(first?.uuid);
    await cloud.ok("DELETE", "/v2/tags/workers");
    expect(await get()).toHaveLength(1);
    await put();
    expect(await get()).toEqual([]);
  });

  it("of a replica are its own, under its own id", async () => {
    const { path } = await online();
    await cloud.ok("POST", "/v2/tags", { name: "readers" });
    const { replica } = await cloud.ok<{ replica: { id: string } }>("POST", `${path}/replicas`, {
      name: "copy",
    });
    const guard = `/v2/databases/${replica.id}/firewall`;
    await cloud.ok("PUT", guard, { rules: [{ type: "tag", value: "readers" }] });
    expect(await cloud.ok("GET", guard)).toMatchObject({
      rules: [{ type: "tag", cluster_uuid: replica.id }],
    });
    expect(await cloud.ok("GET", `${path}/firewall`)).toMatchObject({ rules: [] });
    await cloud.ok("DELETE", "/v2/tags/readers");
    expect(await cloud.ok("GET", guard)).toMatchObject({ rules: [] });
  });

  it.each([
    [{ type: "ip_addr", value: "10.0.0.300" }, "rules.0: "],
    [{ type: "droplet", value: "7" }, "there is no droplet 7"],
    [{ type: "k8s", value: "x" }, "there is no k8s x"],
    [{ type: "tag", value: "x" }, "there is no tag x"],
    [{ type: "firewall", value: "x" }, "rules.0.type: "],
  ])("are refused as %j", async (rule, message) => {
    const { path } = await online();
    expect(await cloud.refusal(422, "PUT", `${path}/firewall`, { rules: [rule] })).toContain(message);
  });
});

describe("configuration", () => {
  it("of PostgreSQL is checked field by field and kept", async () => {
    const { path } = await online();
    await cloud.ok("PATCH", `${path}/config`, {
      config: { work_mem: 8, pgbouncer: { autodb_pool_mode: "session" } },
    });
    expect(await cloud.ok("GET", `${path}/config`)).toMatchObject({ config: { work_mem: 8, jit: true } });
    const message = await cloud.refusal(422, "PATCH", `${path}/config`, {
      config: { work_mem: 4096, wokr_mem: 1, wal_sender_timeout: 100 },
    });
    for (const fault of ["config.work_mem", "did you mean work_mem", "wal_sender_timeout"]) {
      expect(message).toContain(fault);
    }
  });

  it("of Valkey agrees with its eviction policy", async () => {
    const { path } = await online(valkey);
    expect(await cloud.ok("GET", `${path}/eviction_policy`)).toEqual({ eviction_policy: "noeviction" });
    await cloud.ok("PUT", `${path}/eviction_policy`, { eviction_policy: "allkeys_lru" });
    expect(await cloud.ok("GET", `${path}/config`)).toMatchObject({
      config: { valkey_maxmemory_policy: "allkeys-lru" },
    });
    await cloud.refusal(422, "PUT", `${path}/eviction_policy`, { eviction_policy: "allkeys-lru" });
    await cloud.refusal(422, "PATCH", `${path}/config`, { config: { work_mem: 8 } });
    await cloud.refusal(422, "POST", `${path}/dbs`, { name: "x" });
    await cloud.refusal(422, "GET", `${path}/pools`);
    const other = await online();
    await cloud.refusal(422, "GET", `${other.path}/eviction_policy`);
  });
});

describe("log sinks", () => {
  const config = { server: "logs.example.com", port: 514, tls: true, format: "rfc5424" };

  it("are made, read, changed and deleted", async () => {
    const { path } = await online();
    const { sink } = await cloud.ok<{ sink: { sink_id: string } }>("POST", `${path}/logsink`, {
      sink_name: "central",
      sink_type: "rsyslog",
      config,
    });
    const sinkPath = `${path}/logsink/${sink.sink_id}`;
    expect(await cloud.ok("GET", sinkPath)).toEqual(sink);
    await cloud.ok("PUT", sinkPath, { config: { ...config, port: 6514 } });
    expect(await cloud.ok("GET", `${path}/logsink`)).toMatchObject({ sinks: [{ config: { port: 6514 } }] });
    await cloud.ok("DELETE", sinkPath);
    await cloud.refusal(404, "GET", sinkPath);
  });

  it.each([
    ["rsyslog", { ...config, port: 70_000 }, "config.port"],
    ["rsyslog", { ...config, format: "custom" }, "config.logline"],
    ["opensearch", { url: "http://logs.example.com", index_prefix: "db" }, "config.url"],
    ["opensearch", { url: "https://logs.example.com" }, "config.index_prefix"],
    ["kafka", {}, "sink_type"],
  ])("of type %s are refused with %j", async (sink_type, wrong, message) => {
    const { path } = await online();
    expect(
      await cloud.refusal(422, "POST", `${path}/logsink`, { sink_name: "s", sink_type, config: wrong }),
    ).toContain(message);
  });
});
