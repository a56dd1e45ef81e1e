import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { LogStore } from "../../../components/joints.ts";
import { folders, shippingConfiguration } from "../../../components/log-shipping/configuration.ts";
import { LogShipping } from "../../../components/log-shipping/log-shipping.ts";
import { passwordVariable } from "../../../components/log-shipping/stores.ts";
import { silence } from "../../../components/traffic/network-policy.ts";
import { ownership } from "../fixtures.ts";
import { record } from "../harness.ts";

const loki: LogStore = { kind: "loki", host: "loki.logs.svc", port: 3100 };
const elasticsearch: LogStore = {
  kind: "elasticsearch",
  host: "elasticsearch.logs.svc",
  port: 9200,
  dataStream: "logs-whisper-staging",
  user: "shipping",
  password: pulumi.secret(pulumi.output("drawn")),
  caCertificate: pulumi.output("PEM"),
};
const shipping = (store: LogStore) =>
  record(
    () =>
      new LogShipping("whisper-staging-log-shipping", {
        ownership,
        namespace: { name: "whisper-staging-node-agents", guards: [] },
        store,
        namePrefix: "whisper-staging-",
        traffic: silence,
      }),
  );

const settings = z.looseObject({
  service: z.looseObject({}),
  multiline_parsers: z.array(
    z.object({ rules: z.array(z.object({ state: z.string(), regex: z.string() })) }).loose(),
  ),
  pipeline: z.object({
    inputs: z.array(z.looseObject({ name: z.string() })),
    filters: z.array(z.looseObject({ name: z.string() })),
    outputs: z.array(z.looseObject({ name: z.string() })),
  }),
});
const configured = (store: LogStore) =>
  settings.parse(
    parse(shippingConfiguration({ ownName: "whisper-staging-log-shipping", environment: "staging", store })),
  );
const container = (inputs: object) =>
  z
    .object({
      spec: z.object({
        template: z.object({
          metadata: z.looseObject({ annotations: z.record(z.string(), z.string()) }),
          spec: z.looseObject({
            containers: z.tuple([z.looseObject({ env: z.array(z.looseObject({ name: z.string() })) })]),
          }),
        }),
      }),
    })
    .parse(inputs).spec.template;

describe("LogShipping", () => {
  it("reads the node's logs, writes to its own folder alone, and has no capability and no token", async () => {
    const { inputs } = (await shipping(loki)).named("whisper-staging-log-shipping-daemon-set");
    expect(inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            tolerations: [{ operator: "Exists" }],
            automountServiceAccountToken: false,
            containers: [
              {
                securityContext: { capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
                volumeMounts: expect.arrayContaining([
                  { name: "node-var-log-pods", mountPath: "/var/log/pods", readOnly: true },
                  { name: "node-var-lib-whisper-log-shipping", mountPath: folders.state },
                ]),
              },
            ],
          },
        },
      },
    });
  });

  it("has its password in a Secret, and in neither its configuration nor its arguments", async () => {
    const recording = await shipping(elasticsearch);
    const { spec } = container(recording.named("whisper-staging-log-shipping-daemon-set").inputs);
    expect(spec.containers[0].env).toContainEqual({
      name: "LOG_STORE_PASSWORD",
      valueFrom: { secretKeyRef: { name: "whisper-staging-log-shipping", key: "LOG_STORE_PASSWORD" } },
    });
    const map = recording.named("whisper-staging-log-shipping-configuration").inputs;
    expect(JSON.stringify(map)).not.toContain("drawn");
    expect(recording.named("whisper-staging-log-shipping-secrets").secretInputs).toContain("data");
  });

  it("needs no Secret where the network alone decides", async () => {
    expect((await shipping(loki)).ofType("Secret")).toEqual([]);
  });

  it("rolls when what it reads changes, a renewed authority included", async () => {
    const annotationOf = async (store: LogStore) =>
      container((await shipping(store)).named("whisper-staging-log-shipping-daemon-set").inputs).metadata
        .annotations["whisper.platform/configuration"];
    const renewed = { ...elasticsearch, caCertificate: pulumi.output("another") };
    expect(await annotationOf(renewed)).not.toBe(await annotationOf(elasticsearch));
  });
});

describe("Fluent Bit's configuration", () => {
  it("is the same for both stores, but for the last step", () => {
    const [one, other] = [configured(loki), configured(elasticsearch)];
    expect(one.pipeline.inputs).toEqual(other.pipeline.inputs);
    expect(one.pipeline.filters).toEqual(other.pipeline.filters);
    expect(one.pipeline.outputs.map(({ name }) => name)).toEqual(["loki", "prometheus_exporter"]);
    expect(other.pipeline.outputs.map(({ name }) => name)).toEqual(["es", "prometheus_exporter"]);
  });

  it.each([loki, elasticsearch])("loses nothing to a restart or to a store that is away: $kind", (store) => {
    const { pipeline } = configured(store);
    expect(pipeline.inputs[0]).toMatchObject({
      db: `${folders.state}/positions.db`,
      "storage.type": "filesystem",
    });
    expect(pipeline.outputs[0]).toMatchObject({
      retry_limit: "no_limits",
      "storage.total_limit_size": "1G",
    });
  });

  it("masks before anything is counted or sent", () => {
    expect(configured(loki).pipeline.filters.map(({ name }) => name)).toEqual([
      "multiline",
      "parser",
      "lua",
      "log_to_metrics",
    ]);
  });

  it("does not read what it says itself", () => {
    expect(configured(loki).pipeline.inputs[0]?.exclude_path).toBe(
      "/var/log/pods/*_whisper-staging-log-shipping-*/*/*.log",
    );
  });

  it("takes a certificate for what it says, and a host by its name", () => {
    expect(configured(elasticsearch).pipeline.outputs[0]).toMatchObject({
      tls: "on",
      "tls.verify": "on",
      "tls.verify_hostname": "on",
      http_passwd: `\${${passwordVariable}}`,
    });
  });

  it("joins what belongs to one trace, and begins anew with what does not", () => {
    const rule = configured(loki).multiline_parsers[0]?.rules.find(({ state }) => state === "more");
    const goesOn = new RegExp(rule?.regex.slice(1, -1) ?? "never^");
    for (const line of [
      "Traceback (most recent call last):",
      '  File "worker.py", line 3, in run',
      "ValueError: no such model",
      "whisper.errors.ModelMissing.NotFoundError: x",
      "During handling of the above exception, another exception occurred:",
      "\tat org.neo4j.Server.start(Server.java:42)",
      "Caused by: java.io.IOException: broken pipe",
      "java.lang.IllegalStateException: x",
      "goroutine 1 [running]:",
      "main.main()",
      "",
    ])
      expect(goesOn.test(line), line).toBe(true);
    for (const line of [
      '{"level":"error","msg":"x"}',
      "2026-11-22 07:00:00 INFO x",
      "INFO:     Started server process",
      "panic: runtime error",
      "Error handling is on",
    ])
      expect(goesOn.test(line), line).toBe(false);
  });
});
