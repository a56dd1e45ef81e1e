import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jaegerConfiguration } from "../../components/jaeger/configuration.ts";
import { Jaeger } from "../../components/jaeger/jaeger.ts";
import {
  type CollectorSettings,
  collectorConfiguration,
} from "../../components/opentelemetry-collector/configuration.ts";
import { OpenTelemetryCollector } from "../../components/opentelemetry-collector/opentelemetry-collector.ts";
import { personalKeys, personalValues } from "../../components/opentelemetry-collector/personal-data.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { record, refusalOf } from "./harness.ts";

const common = {
  ownership: { environment: "staging", owner: "platform-team", costCentre: "transcription" },
  namespace: { name: "monitoring", guards: [] },
  traffic: silence,
  resources: { cpu: "25m", cpuLimit: "500m", memory: "256Mi" },
};

describe("the collector's configuration", () => {
  const settings: CollectorSettings = {
    jaeger: "jaeger.monitoring:4317",
    memoryMib: 200,
    ordinaryPercent: 10,
    listenOn: "0.0.0.0",
  };
  const of = (more: Partial<CollectorSettings> = {}) =>
    parse(collectorConfiguration({ ...settings, ...more }));

  it("masks before it judges, and minds its memory before anything", () => {
    expect(of().service.pipelines).toEqual({
      traces: {
        receivers: ["otlp"],
        processors: ["memory_limiter", "transform/addresses", "redaction", "tail_sampling", "batch"],
        exporters: ["otlp_grpc"],
      },
    });
    expect(of().processors.memory_limiter).toMatchObject({ limit_mib: 160, spike_limit_mib: 40 });
  });

  it("keeps what failed and what took longer than requests should, whatever share of the rest", () => {
    expect(of().processors.tail_sampling.policies).toEqual([
      { name: "failed", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: 2000 } },
      { name: "ordinary", type: "probabilistic", probabilistic: { sampling_percentage: 10 } },
    ]);
  });

  it("listens to no browser, unless one is let in: then to those of its pages, a little at a time, through the same sampler", () => {
    expect(Object.keys(of().receivers)).toEqual(["otlp"]);
    const { receivers, service } = of({ browserOrigins: ["https://app.example"] });
    expect(receivers["otlp/browsers"].protocols.http).toMatchObject({
      endpoint: "0.0.0.0:4319",
      max_request_body_size: 524_288,
      cors: { allowed_origins: ["https://app.example"] },
    });
    expect(service.pipelines["traces/browsers"].exporters).toEqual(["forward"]);
    expect(service.pipelines.traces.receivers).toEqual(["otlp", "forward"]);
  });
});

describe("what is personal", () => {
  /** Go's notation of a pattern that minds no capitals is not JavaScript's. */
  const pattern = (text: string) => new RegExp(text.replace("(?i)", ""), text.startsWith("(?i)") ? "i" : "");
  const matches = (patterns: readonly string[], text: string) =>
    patterns.some((each) => pattern(each).test(text));

  it.each([
    "http.request.header.authorization",
    "db.password",
    "session_id",
    "user.id",
    "enduser.id",
    "client.address",
    "network.peer.address",
    "upload.file_name",
    "X-Api-Key",
  ])("%s is masked by its name", (key) => expect(matches(personalKeys, key)).toBe(true));

  it.each(["http.route", "http.response.status_code", "server.address", "db.system", "messaging.message.id"])(
    "%s is not",
    (key) => expect(matches(personalKeys, key)).toBe(false),
  );

  it.each(["to ada@example.com", "Bearer abc.def", "from 203.0.113.7", "card 4111111111111111"])(
    "%j is masked in any value",
    (value) => expect(matches(personalValues, value)).toBe(true),
  );

  it.each(["/jobs/{id}", "SELECT * FROM jobs WHERE id = $1", "1.4.2", "2026-11-22T08:00:00Z"])(
    "%j is not",
    (value) => expect(matches(personalValues, value)).toBe(false),
  );
});

describe("OpenTelemetryCollector", () => {
  it("tells whoever has spans where it is, and rolls when it is told otherwise", async () => {
    const collector = (ordinaryPercent: number) =>
      record(() => new OpenTelemetryCollector("otel", { ...common, jaeger: "jaeger:4317", ordinaryPercent }));
    const [one, other] = [await collector(10), await collector(20)];
    expect(one.result.endpoint).toBe("http://otel.monitoring.svc.cluster.local:4318");
    const annotations = (recording: typeof one) =>
      JSON.stringify(recording.named("otel-deployment").inputs).match(
        /"whisper.platform\/configuration":"[^"]+"/,
      )?.[0];
    expect(annotations(one)).not.toBe(annotations(other));
  });

  it("refuses a share that is none", async () => {
    const { message } = await refusalOf(
      () => new OpenTelemetryCollector("otel", { ...common, jaeger: "jaeger:4317", ordinaryPercent: 110 }),
    );
    expect(message).toContain("ordinaryPercent");
  });
});

describe("Jaeger", () => {
  it("keeps spans in files of its volume, for as long as it is told", async () => {
    const recording = await record(() => new Jaeger("jaeger", { ...common, retentionDays: 7, diskGib: 50 }));
    const data = recording.named("jaeger-configuration").inputs.data as Record<string, string>;
    expect(parse(data["config.yaml"] ?? "").extensions.jaeger_storage.backends.spans.badger).toEqual({
      directories: { keys: "/badger/keys", values: "/badger/values" },
      ephemeral: false,
      ttl: { spans: "168h" },
      maintenance_interval: "5m",
    });
    expect(JSON.stringify(recording.named("jaeger-stateful-set").inputs)).toContain('"mountPath":"/badger"');
    expect(recording.named("jaeger-data-0")).toMatchObject({
      protect: true,
      inputs: { metadata: { name: "data-jaeger-0" }, spec: { resources: { requests: { storage: "50Gi" } } } },
    });
    expect(recording.result.spans).toBe("jaeger.monitoring.svc.cluster.local:4317");
  });

  it("has no other way in than those that the traffic plan knows", () => {
    const { extensions, receivers } = parse(
      jaegerConfiguration({ retentionHours: 72, dataFolder: "/badger", listenOn: "0.0.0.0" }),
    );
    expect(extensions.jaeger_query.grpc.endpoint).toMatch(/^127\.0\.0\.1:/);
    expect(Object.keys(receivers)).toEqual(["otlp"]);
  });

  it("refuses days and sizes that are none", async () => {
    const { message } = await refusalOf(
      () => new Jaeger("jaeger", { ...common, retentionDays: 0, diskGib: 0 }),
    );
    expect(message).toMatch(/retentionDays[\s\S]*diskGib/);
  });
});
