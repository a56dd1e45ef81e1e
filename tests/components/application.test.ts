import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { secretName } from "../../catalog/secret-names.ts";
import { Application } from "../../components/application/application.ts";
import type { ApplicationArgs } from "../../components/application/arguments.ts";
import { applicationArgs } from "./fixtures.ts";
import { type Recording, record } from "./harness.ts";

const application = (changes: () => Partial<ApplicationArgs> = () => ({})) =>
  record(() => new Application("app", { ...applicationArgs(), ...changes() }));

interface PodOwner {
  readonly spec: {
    readonly template: {
      readonly spec: Record<"containers" | "initContainers", readonly Record<string, unknown>[]>;
    };
  };
}

function podOf(recording: Recording<unknown>, name: string) {
  const owner = recording.named(name).inputs as unknown;
  return (owner as PodOwner).spec.template.spec;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the application's settings", () => {
  it("are secret where they are secrets, and nowhere in the clear", async () => {
    const recording = await application(() => ({
      errorTrackingDsn: pulumi.secret("https://k@errors.example.com/1"),
    }));
    expect(recording.named("app-secrets").secretInputs).toEqual(["data"]);
    expect(recording.named("app-secrets").inputs.data).toEqual({
      DATABASE_URL: base64("postgresql://whisper:password@postgres.internal/pool"),
      REDIS_URL: base64("rediss://default:password@valkey.internal:25061/1"),
      CELERY_BROKER_URL: base64("rediss://default:password@valkey.internal:25061"),
      NEO4J_PASSWORD: base64("password"),
      S3_ACCESS_KEY_ID: base64("key"),
      S3_SECRET_ACCESS_KEY: base64("secret"),
      SECRET_KEY: base64("drawn-at-random"),
      SENTRY_DSN: base64("https://k@errors.example.com/1"),
    });
    const open = JSON.stringify(recording.ofType("ConfigMap").map(({ inputs }) => inputs));
    expect(open).not.toMatch(/password|secret|drawn-at-random/);
  });

  it("have names that betray the secrets, so that the gate and the GPU pool keep them out of plain sight", async () => {
    const recording = await application(() => ({ errorTrackingDsn: "https://k@errors.example.com/1" }));
    const namesIn = (object: string) => Object.keys(recording.named(object).inputs.data ?? {});
    expect(namesIn("app-secrets").filter((name) => !secretName.test(name))).toEqual([]);
    expect(namesIn("app-settings").filter((name) => secretName.test(name))).toEqual([]);
  });

  it("leave out the error tracker when there is none", async () => {
    expect(JSON.stringify((await application()).named("app-secrets").inputs)).not.toContain("SENTRY_DSN");
  });

  it("say where everything is, with a pool of 20 connections", async () => {
    expect((await application()).named("app-settings").inputs.data).toMatchObject({
      SITE_URL: "https://whisper.example.com",
      API_URL: "https://api.whisper.example.com",
      DATABASE_POOL_SIZE: "20",
      NEO4J_URI: "neo4j://neo4j.stores:7687",
      NEO4J_USERNAME: "neo4j",
      NEO4J_DATABASE: "neo4j",
      NEO4J_CA_CERTIFICATE: "/etc/whisper/certificates/neo4j-ca.crt",
      S3_BUCKET: "media",
    });
  });

  it("roll the pods when they change", async () => {
    const annotation = async (databasePoolSize: number) => {
      const owner = (await application(() => ({ databasePoolSize }))).named("app-api-deployment").inputs;
      return JSON.stringify(owner).match(/"whisper.platform\/settings":"(\w+)"/)?.[1];
    };
    const [twenty, thirty, again] = [await annotation(20), await annotation(30), await annotation(20)];
    expect(twenty).toMatch(/^[0-9a-f]{16}$/);
    expect(thirty).not.toBe(twenty);
    expect(again).toBe(twenty);
  });
});

describe("the migrations", () => {
  it("use the API's image, and the database itself instead of its pool", async () => {
    const recording = await application();
    expect(podOf(recording, "app-migrations-job").containers).toMatchObject([
      {
        image: "example.com/api:1",
        command: ["alembic", "upgrade", "head"],
        envFrom: [
          { configMapRef: { name: "app-settings" } },
          { secretRef: { name: "app-migration-secrets" } },
        ],
      },
    ]);
    expect(recording.named("app-migration-secrets").inputs.data).toEqual({
      DATABASE_URL: base64("postgresql://whisper:password@postgres.internal/whisper"),
    });
  });

  it("come after the rights of the database's users, and do not see the administrator's password", async () => {
    const recording = await application();
    expect(podOf(recording, "app-migrations-job").initContainers).toMatchObject([
      {
        command: ["psql", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file"],
        args: ["/etc/whisper/privileges/privileges.sql"],
        envFrom: [
          { configMapRef: { name: "app-settings" } },
          { secretRef: { name: "app-privileges-secrets" } },
        ],
      },
    ]);
    expect(recording.named("app-privileges-secrets").inputs.data).toMatchObject({
      PGHOST: base64("postgres.internal"),
      PGSSLMODE: base64("verify-ca"),
      OWNER_URL: base64("postgresql://whisper:password@postgres.internal/whisper"),
    });
    expect(recording.named("app-privileges").inputs.data).toEqual({
      "privileges.sql": applicationArgs().privileges.script,
    });
  });

  it("run anew when the script of those rights changes", async () => {
    const annotationsOf = async (script: string) => {
      const { privileges, ...args } = applicationArgs();
      const recording = await record(
        () => new Application("app", { ...args, privileges: { ...privileges, script } }),
      );
      return Object(recording.named("app-migrations-job").inputs.spec).template.metadata.annotations;
    };
    expect(await annotationsOf("GRANT a")).toEqual(await annotationsOf("GRANT a"));
    expect(await annotationsOf("GRANT a")).not.toEqual(await annotationsOf("GRANT b"));
  });

  it("run to their end before anything rolls", async () => {
    const recording = await application();
    for (const part of ["api", "api-candidate", "web", "worker"]) {
      expect(recording.named(`app-${part}-deployment`).dependsOn).toContain("app-migrations-job");
    }
  });
});

describe("the parts", () => {
  it("give the front end no secret", async () => {
    expect(podOf(await application(), "app-web-deployment").containers).toMatchObject([
      { envFrom: [{ configMapRef: { name: "app-settings" } }] },
    ]);
  });

  it("run in the pool they are told", async () => {
    const recording = await application();
    expect(podOf(recording, "app-worker-deployment")).toMatchObject({
      nodeSelector: { "whisper.platform/pool": "workers" },
      tolerations: [
        { key: "whisper.platform/pool", operator: "Equal", value: "workers", effect: "NoSchedule" },
      ],
    });
    expect(podOf(recording, "app-api-deployment")).not.toHaveProperty("nodeSelector");
  });

  it("keep a place for a release's candidate, which a plain up leaves alone", async () => {
    const recording = await application();
    const candidate = recording.named("app-api-candidate-deployment");
    expect(candidate.inputs).toMatchObject({ spec: { replicas: 0 } });
    expect(candidate.ignoreChanges).toEqual(["spec.replicas", "spec.template.spec.containers[0].image"]);
    expect(recording.named("app-api-deployment").ignoreChanges).toEqual([]);
    expect(recording.result.api).toEqual({
      stable: { host: "app-api.space.svc.cluster.local", port: 8000 },
      candidate: { host: "app-api-candidate.space.svc.cluster.local", port: 8000 },
    });
  });
});
