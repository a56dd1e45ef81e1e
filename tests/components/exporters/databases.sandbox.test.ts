import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Valkey } from "iovalkey";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresExporter } from "../../../components/exporters/postgres.ts";
import { valkeyExporter } from "../../../components/exporters/valkey.ts";
import { databaseGrants, monitoringSchema, rolesOf } from "../../../components/postgres/privileges.ts";
import { runChecks } from "../../../platform/health/check.ts";
import { checksFromWithin } from "../../../platform/health/inside/plan.ts";
import { type Database, sql, storeSandbox } from "../../sandbox/stores/store-sandbox.ts";
import { areHere, type RunningExporter, runExporter, unknownLabels, untold } from "./run.ts";

const isHere = await areHere("prometheus-postgres-exporter", "prometheus-redis-exporter");
const sandbox = storeSandbox();
const running: RunningExporter[] = [];
afterAll(() => Promise.all(running.map((exporter) => exporter.stop())));

const cluster = (name: string, engine: string, version: string) =>
  sandbox.online({ name, engine, version, num_nodes: 1, size: "db-s-1vcpu-1gb", region: "fra1" });
const known = ({ private_connection: { host, port, user, password } }: Database) => ({
  host: pulumi.output(host),
  port: pulumi.output(port),
  user: pulumi.output(user),
  password: pulumi.secret(password),
  uri: pulumi.secret("unused"),
});

let postgres: Database;
let authority: string;
/** Passwords of the database's users, by their role. */
const passwords: Record<string, string> = {};
const roles = rolesOf({});

beforeAll(async () => {
  if (!isHere) return;
  postgres = await cluster("whisper-postgres", "pg", "18");
  authority = await sandbox.authority(postgres.id);
  await sandbox.call("POST", `/${postgres.id}/dbs`, { name: "whisper" });
  for (const [role, name] of Object.entries(roles)) {
    const { user } = await sandbox.call<{ user: { password: string } }>("POST", `/${postgres.id}/users`, {
      name,
    });
    passwords[role] = user.password;
  }
  const asAdministrator = { ...postgres.connection, database: "whisper" };
  // Whatever it changes, it changes once.
  for (const _ of [1, 2]) await sql(asAdministrator, authority, databaseGrants("whisper", roles, 60_000));
});

it.skipIf(!isHere)(
  "postgres exporter tells what rules ask, of everybody's sessions too, as who sees neither rows nor statements",
  async () => {
    const busy = new pg.Client({
      ...postgres.connection,
      user: roles.application,
      password: passwords.application,
      database: "whisper",
      ssl: { ca: authority },
    });
    await busy.connect();
    try {
      await busy.query("BEGIN");
      await busy.query("SELECT 'nobody else is to see this'");
      const exporter = await runExporter(
        "prometheus-postgres-exporter",
        postgresExporter("whisper-postgres", {
          ...known(postgres),
          database: pulumi.output("whisper"),
          user: pulumi.output(roles.monitor),
          password: pulumi.secret(passwords.monitor ?? ""),
          caCertificate: pulumi.output(authority),
        }),
      );
      running.push(exporter);
      const lines = await exporter.metrics();
      expect(lines).toContain("pg_up 1");
      expect(untold("postgres exporter", lines)).toEqual([]);
      expect(unknownLabels("postgres exporter", lines)).toEqual([]);
      const open = lines.find((line) =>
        /^pg_stat_activity_count\{.*datname="whisper".*state="idle in transaction"/.test(line),
      );
      expect(open).toMatch(/ 1$/);

      // So does the health monitor, which comes as the same user.
      const { host, port } = postgres.private_connection;
      const [check] = checksFromWithin(
        {
          ...{ environment: "staging", urls: {}, valkey: [], buckets: [], prometheus: [] },
          postgres: [
            {
              ...{ name: "whisper-postgres", host, port, database: "whisper", authority },
              ...{ user: roles.monitor, password: passwords.monitor ?? "" },
              searchPath: `${monitoringSchema},pg_catalog`,
            },
          ],
        },
        { read: () => Promise.reject(new Error("no cluster is asked")) },
      );
      const findings = await runChecks(check ? [check] : [], new AbortController().signal);
      expect(findings).toMatchObject([{ subject: "database", verdict: "healthy" }]);
      expect(findings[0]?.measured?.connections).toBeGreaterThan(1);
      expect(findings[0]?.measured?.oldestTransactionSeconds).toBeGreaterThan(0);
    } finally {
      await busy.end();
    }
    const asAdministrator = { ...postgres.connection, database: "whisper" };
    const asMonitor = { ...asAdministrator, user: roles.monitor, password: passwords.monitor ?? "" };
    await sql(asAdministrator, authority, "CREATE TABLE kept (line text)");
    await expect(sql(asMonitor, authority, "SELECT * FROM kept")).rejects.toThrow(/permission denied/);
    expect(await sql(asMonitor, authority, "SELECT DISTINCT query FROM monitoring.pg_stat_activity")).toEqual(
      [{ query: "" }],
    );
  },
);

it.skipIf(!isHere)("redis exporter tells what rules ask, and how many jobs wait", async () => {
  const database = await cluster("whisper-valkey", "valkey", "8");
  const { host, port, user, password } = database.connection;
  const folder = mkdtempSync(join(tmpdir(), "valkey-exporter-"));
  const client = new Valkey({ host, port, username: user, password, tls: { ca: authority } });
  try {
    await client.lpush("celery", "one", "two");
    // In the cloud its certificate is one that everybody believes.
    const file = join(folder, "ca.pem");
    writeFileSync(file, authority);
    const exporter = await runExporter(
      "prometheus-redis-exporter",
      valkeyExporter("whisper-valkey", known(database), ["transcription", "celery"]),
      { environment: { SSL_CERT_FILE: file } },
    );
    running.push(exporter);
    const lines = await exporter.metrics();
    expect(lines).toContain("redis_up 1");
    expect(untold("redis exporter", lines).filter((name) => name !== "redis_errors_total")).toEqual([]);
    expect(unknownLabels("redis exporter", lines)).toEqual([]);
    expect(lines).toContain('redis_key_size{db="db0",key="celery"} 2');
  } finally {
    client.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
});
