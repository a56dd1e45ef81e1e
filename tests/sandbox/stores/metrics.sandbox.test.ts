import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { databaseMetricsPort } from "../../../catalog/engines.ts";
import { rulesFile, scrapeConfiguration } from "../../../components/prometheus/configuration.ts";
import {
  authoritiesFile,
  passwordFile,
  secretsFolder,
} from "../../../components/prometheus/jobs/databases.ts";
import { renderRules } from "../../../components/prometheus/rules/render.ts";
import { ruleSets } from "../../../components/prometheus/rules/rule-sets.ts";
import { type Running, start } from "../../components/alertmanager/live/process.ts";
import { prometheusIsHere } from "../../components/alertmanager/live/prometheus.ts";
import { type Database, sql, storeSandbox } from "./store-sandbox.ts";

/*
 * The metrics endpoints of managed databases, asked as Prometheus asks them, and by a real one on the configuration of ours.
 */

const sandbox = storeSandbox();
const clusters: Record<"pg" | "valkey", Database | undefined> = { pg: undefined, valkey: undefined };
let authority: string;
let access: { user: string; password: string };

async function readAccess(): Promise<typeof access> {
  const { credentials } = await sandbox.call<{ credentials: Record<string, string> }>(
    "GET",
    "/metrics/credentials",
  );
  return {
    user: String(credentials.basic_auth_username),
    password: String(credentials.basic_auth_password),
  };
}

const privateHost = (engine: "pg" | "valkey") => clusters[engine]?.private_connection.host ?? "";

/** Asks an endpoint, and verifies who answers. */
function ask(
  host: string,
  { path = "/metrics", auth = `${access.user}:${access.password}` as string | null } = {},
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const to = { host, port: databaseMetricsPort, path, ca: authority, auth, agent: false };
    const asked = request(to, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.once("end", () => resolve({ status: answer.statusCode, text }));
    });
    asked.once("error", reject).end();
  });
}

/** The figures that an endpoint tells, by name and labels. */
async function figures(engine: "pg" | "valkey"): Promise<Map<string, number>> {
  const { status, text } = await ask(privateHost(engine));
  expect(status, text).toBe(200);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

beforeAll(async () => {
  const common = { num_nodes: 1, size: "db-s-1vcpu-1gb", region: "fra1" };
  const [pg, valkey] = await Promise.all([
    sandbox.online({ ...common, name: "whisper-postgres", engine: "pg", version: "18" }),
    sandbox.online({ ...common, name: "whisper-valkey", engine: "valkey", version: "8" }),
  ]);
  Object.assign(clusters, { pg, valkey });
  authority = await sandbox.authority(pg.id);
  access = await readAccess();
});

it("answers at the addresses that the API tells, with the certificate of the cluster's authority", async () => {
  for (const engine of ["pg", "valkey"] as const) {
    const { database } = await sandbox.call<{
      database: { metrics_endpoints: { host: string; port: number }[] };
    }>("GET", `/${clusters[engine]?.id}`);
    expect(database.metrics_endpoints).toEqual([
      { host: clusters[engine]?.connection.host, port: databaseMetricsPort },
    ]);
    for (const host of [clusters[engine]?.connection.host ?? "", privateHost(engine)]) {
      expect((await ask(host)).status).toBe(200);
    }
  }
});

it("tells nothing to who does not know the account's password, and has one path", async () => {
  const wrong = [null, "", "metrics:", `${access.user}:guessed`, `other:${access.password}`];
  for (const auth of wrong) {
    expect(await ask(privateHost("pg"), { auth }), String(auth)).toEqual({ status: 401, text: "" });
  }
  expect((await ask(privateHost("pg"), { path: "/" })).status).toBe(404);
});

it("tells of PostgreSQL what its own statistics say", async () => {
  const { connection } = clusters.pg ?? {};
  if (connection === undefined) throw new Error("there is no cluster");
  const name = 'postgresql_pg_stat_database_xact_commit{datname="defaultdb"}';
  const before = (await figures("pg")).get(name) ?? Number.NaN;
  for (let count = 0; count < 5; count++) await sql(connection, authority, "SELECT 1");
  await expect.poll(async () => (await figures("pg")).get(name)).toBeGreaterThanOrEqual(before + 5);
  const told = await figures("pg");
  const [row] = await sql(connection, authority, "SELECT pg_database_size('defaultdb')::int AS bytes");
  expect(told.get('postgresql_database_size_database_size{datname="defaultdb"}')).toBe(row?.bytes);
  expect([...told.keys()].filter((key) => /template|"postgres"/.test(key))).toEqual([]);
});

it("tells of Valkey what its INFO says", async () => {
  const told = await figures("valkey");
  expect(told.get("redis_maxmemory")).toBe(1024 ** 3);
  expect(told.get("redis_clients")).toBeGreaterThanOrEqual(1);
});

it("tells how full the disk of the size is, of what the server's files take", async () => {
  const { connection } = clusters.pg ?? {};
  if (connection === undefined) throw new Error("there is no cluster");
  const disk = (told: Map<string, number>, what: string) =>
    told.get(`disk_${what}{path="/",fstype="ext4",mode="rw"}`) ?? Number.NaN;
  const before = await figures("pg");
  expect(disk(before, "total")).toBe(10 * 1024 ** 3);
  const rows = "SELECT repeat(md5(i::text), 30) FROM generate_series(1, 20000) i";
  await sql(connection, authority, `CREATE TABLE filler AS ${rows}`);
  const after = await figures("pg");
  expect(disk(after, "used") - disk(before, "used")).toBeGreaterThan(15 * 1024 ** 2);
  expect(disk(after, "used") + disk(after, "free")).toBe(disk(after, "total"));
  expect(disk(after, "used_percent")).toBeCloseTo((100 * disk(after, "used")) / disk(after, "total"), 6);
  for (const what of ["mem_used_percent", 'cpu_usage_idle{cpu="cpu-total"}']) {
    expect(after.get(what)).toBeGreaterThan(0);
    expect(after.get(what)).toBeLessThanOrEqual(100);
  }
});

it("lets in whom the firewall trusts", async () => {
  const path = `/${clusters.valkey?.id}/firewall`;
  const trust = (...values: string[]) =>
    sandbox.call("PUT", path, { rules: values.map((value) => ({ type: "ip_addr", value })) });
  await trust("10.0.0.0/8");
  await expect(ask(clusters.valkey?.connection.host ?? "")).rejects.toThrow();
  expect((await ask(privateHost("valkey"))).status).toBe(200);
  await trust();
});

it("takes a new password at once, on all clusters", async () => {
  const old = `${access.user}:${access.password}`;
  await sandbox.call("PUT", "/metrics/credentials", {
    credentials: { basic_auth_username: "prometheus", basic_auth_password: 'p:"\\' },
  });
  access = await readAccess();
  expect(access.user).toBe("prometheus");
  for (const engine of ["pg", "valkey"] as const) {
    expect((await ask(privateHost(engine), { auth: old })).status).toBe(401);
    expect((await ask(privateHost(engine))).status).toBe(200);
  }
});

describe.skipIf(!prometheusIsHere)("A real Prometheus, on the configuration of ours", () => {
  let prometheus: Running;

  /** What an expression has for each cluster. */
  async function values(expression: string): Promise<Record<string, number>> {
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return Object.fromEntries(
      data.result.map(({ metric, value }) => [`${metric.job} ${metric.instance}`, Number(value[1])]),
    );
  }

  beforeAll(async () => {
    const folder = join(sandbox.home.root, "prometheus");
    mkdirSync(folder);
    const text = scrapeConfiguration({
      environment: "staging",
      namespaces: [],
      machines: {},
      alertmanagers: [],
      databases: {
        user: access.user,
        clusters: (["pg", "valkey"] as const).map((engine) => ({
          engine,
          instance: `whisper-staging-${engine}`,
          address: `${privateHost(engine)}:${databaseMetricsPort}`,
        })),
      },
      scrapeIntervalSeconds: 5,
    });
    const configuration = parse(text.replaceAll(secretsFolder, folder));
    configuration.global = {
      ...configuration.global,
      scrape_interval: "1s",
      scrape_timeout: "1s",
      evaluation_interval: "1s",
    };
    configuration.scrape_configs = configuration.scrape_configs.filter(
      (job: object) => !("kubernetes_sd_configs" in job),
    );
    writeFileSync(join(folder, "prometheus.yml"), stringify(configuration));
    const rules = ruleSets.filter(({ subject }) => subject === "databases");
    writeFileSync(join(folder, rulesFile), renderRules(rules, { runbooks: "docs/runbooks" }));
    writeFileSync(join(folder, authoritiesFile), authority);
    writeFileSync(join(folder, passwordFile), access.password);
    prometheus = await start("prometheus", [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ]);
  });
  afterAll(() => prometheus?.stop());

  it("is let in, tells them by their names, and records how full their disks are", async () => {
    const both = ["managed-postgres whisper-staging-pg", "managed-valkey whisper-staging-valkey"];
    await vi.waitFor(
      async () => {
        const disks = await values("instance:database_disk:utilisation");
        expect(Object.keys(disks).toSorted()).toEqual(both);
        for (const share of Object.values(disks)) expect(share).toBeLessThan(0.5);
      },
      { timeout: 60_000, interval: 100 },
    );
    expect(await values('up{job=~"managed-.+"}')).toEqual({ [String(both[0])]: 1, [String(both[1])]: 1 });
  });

  it("keeps of it what rules and dashboards ask for, and nothing else", async () => {
    const kept = await values(
      'count by (job, instance) ({job=~"managed-.+", __name__!~"up|scrape_.+|instance:.+"})',
    );
    expect(kept).toEqual({
      "managed-postgres whisper-staging-pg": 7,
      "managed-valkey whisper-staging-valkey": 7,
    });
  });
});
