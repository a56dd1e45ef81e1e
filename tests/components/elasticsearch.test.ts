import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { heapMibOf } from "../../components/elasticsearch/arguments.ts";
import {
  heapOptions,
  nodeConfiguration,
  roles,
  rolesOfUsers,
} from "../../components/elasticsearch/configuration.ts";
import { Elasticsearch, type ElasticsearchArgs } from "../../components/elasticsearch/elasticsearch.ts";
import {
  dataStreamOf,
  setUpRequests,
  streamPattern,
} from "../../components/elasticsearch/set-up-requests.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { applicationArgs, ownership } from "./fixtures.ts";
import { record, refusalOf } from "./harness.ts";

const sound: ElasticsearchArgs = {
  ownership,
  namespace: { name: "logs", guards: [] },
  bucket: applicationArgs().media,
  members: 3,
  retentionDays: 30,
  gibPerDay: 3,
  diskGib: 60,
  resources: { cpu: "500m", cpuLimit: "2", memory: "4Gi" },
  kibana: { url: "http://kibana:5601/kibana", views: "{}\n" },
  traffic: silence,
  setUpTraffic: silence,
};
const elasticsearch = (args: Partial<ElasticsearchArgs> = {}) =>
  record(() => new Elasticsearch("es", { ...sound, ...args }));
const refusal = async (args: Partial<ElasticsearchArgs>) =>
  (await refusalOf(() => new Elasticsearch("es", { ...sound, ...args }))).message;

describe("Elasticsearch", () => {
  it("has a protected volume for each node, which declares itself", async () => {
    const claims = (await elasticsearch()).ofType("PersistentVolumeClaim");
    expect(claims).toHaveLength(3);
    for (const claim of claims) {
      expect(claim.protect).toBe(true);
      expect(claim.inputs).toMatchObject({
        metadata: {
          labels: { "whisper.platform/store": "volume", "whisper.platform/recovery-point": "everything" },
        },
        spec: { resources: { requests: { storage: "60Gi" } } },
      });
    }
  });

  it("has its nodes apart, in the restricted profile, and drains one at a time", async () => {
    const recording = await elasticsearch();
    expect(recording.named("es-stateful-set").inputs).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          spec: {
            securityContext: { runAsNonRoot: true },
            containers: [{ securityContext: { readOnlyRootFilesystem: true } }],
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }],
              },
            },
          },
        },
      },
    });
    expect(recording.named("es-disruption-budget").inputs).toMatchObject({ spec: { maxUnavailable: 1 } });
  });

  it("is set up by a Job, again with each change of how", async () => {
    const fingerprintOf = async (args: Partial<ElasticsearchArgs>) =>
      JSON.stringify((await elasticsearch(args)).named("es-set-up-job").inputs).match(
        /set-up":"([0-9a-f]{16})"/,
      )?.[1];
    expect(await fingerprintOf({})).toBeDefined();
    expect(await fingerprintOf({ retentionDays: 29 })).not.toBe(await fingerprintOf({}));
  });

  it("has no password in a ConfigMap, an argument or a variable", async () => {
    const recording = await elasticsearch();
    for (const what of ["users", "bucket", "certificates"])
      expect(recording.named(`es-${what}`).secretInputs, what).toContain("data");
    const shown = [
      ...recording.ofType("ConfigMap"),
      ...recording.ofType("StatefulSet"),
      ...recording.ofType("Job"),
    ].map(({ inputs }) => JSON.stringify(inputs));
    const { store } = recording.result;
    const password =
      store.kind === "elasticsearch"
        ? await new Promise<string>((resolve) => store.password.apply(resolve))
        : "";
    expect(password).not.toBe("");
    for (const text of shown) expect(text).not.toContain(password);
    // Only where the bucket is, and its key, which goes into the keystore.
    expect(JSON.stringify(recording.named("es-stateful-set").inputs)).not.toContain(
      '"envFrom":[{"secretRef":{"name":"es-users"',
    );
  });

  it("alone keeps each line once, and has nobody to wait for", async () => {
    const recording = await elasticsearch({ members: 1, diskGib: 100 });
    expect(recording.names()).not.toContain("es-disruption-budget");
    expect(parse(nodeConfiguration({ clusterName: "es", members: ["es-0"], hosts: ["h"] }))).toMatchObject({
      "discovery.type": "single-node",
    });
  });
});

describe("what an Elasticsearch may be", () => {
  it("is no cluster of two", async () => {
    expect(await refusal({ members: 2 })).toContain("members is 2, and of two nodes neither goes on");
  });

  it("has no more heap than half of its memory", async () => {
    expect(await refusal({ heapMib: 3072 })).toContain(
      "heapMib is 3072, and must lie between 512 and 2048: half of 4Gi",
    );
    expect(heapMibOf({ resources: { ...sound.resources, memory: "4Gi" } })).toBe(2048);
    expect(heapMibOf({ resources: { ...sound.resources, memory: "128Gi" } })).toBe(31 * 1024);
  });

  it("has disks for what it is to keep", async () => {
    expect(await refusal({ diskGib: 40 })).toContain(
      "diskGib is 40, and 30 days of 3 GiB, kept twice, take 47 of each of 3 disks",
    );
    expect(await refusal({ retentionDays: 90 })).toContain("Give at least 137");
  });

  it("is told of all its faults at once", async () => {
    const message = await refusal({
      members: 4.5,
      gibPerDay: 0,
      resources: { cpu: "1", cpuLimit: "1", memory: "1Gi" },
    });
    for (const path of ["members", "gibPerDay", "resources.memory"]) expect(message).toContain(path);
  });
});

describe("the nodes' settings", () => {
  const settings: unknown = parse(
    nodeConfiguration({ clusterName: "es", members: ["es-0", "es-1", "es-2"], hosts: ["a", "b", "c"] }),
  );

  it("encrypt what nodes and clients say, and let nobody in who has no password or certificate", () => {
    expect(settings).toMatchObject({
      "xpack.security.enabled": true,
      "xpack.security.http.ssl": { enabled: true },
      "xpack.security.transport.ssl": { enabled: true, client_authentication: "required" },
      "xpack.security.authc.reserved_realm.enabled": false,
    });
  });

  it("map no files into memory, and stop before a disk is full", () => {
    expect(settings).toMatchObject({
      "node.store.allow_mmap": false,
      "cluster.routing.allocation.disk.watermark.low": "80%",
      "cluster.routing.allocation.disk.watermark.flood_stage": "92%",
      "discovery.seed_hosts": ["a:9300", "b:9300", "c:9300"],
      "cluster.initial_master_nodes": ["es-0", "es-1", "es-2"],
    });
    expect(heapOptions(2048)).toBe("-Xms2048m\n-Xmx2048m\n");
  });

  it("let who ships add lines, and neither read nor change any, and the exporter see how it is, and no line", () => {
    const schedule = ["get", "status", "stats"].map((action) => `cluster:admin/slm/${action}`);
    expect(parse(roles(streamPattern))).toEqual({
      health_reader: { cluster: ["monitor", "monitor_snapshot", ...schedule] },
      logs_writer: { indices: [{ names: ["logs-whisper-*"], privileges: ["create_doc", "auto_configure"] }] },
      logs_reader: { indices: [{ names: ["logs-whisper-*"], privileges: ["read", "view_index_metadata"] }] },
    });
    expect(rolesOfUsers().split("\n")).toEqual(
      expect.arrayContaining([
        "logs_writer:shipping",
        "superuser:setup",
        "kibana_system:kibana",
        "health_reader:operator,metrics",
      ]),
    );
  });
});

describe("the set-up", () => {
  const requests = new Map(
    setUpRequests({ retentionDays: 30, members: 3 }, "bucket-of-logs").map(({ path, body }) => [path, body]),
  );

  it("has lines go after 30 days, and their snapshots a week later", () => {
    expect(requests.get("_ilm/policy/logs-whisper")).toMatchObject({
      policy: { phases: { hot: { actions: { rollover: { max_age: "1d" } } }, delete: { min_age: "30d" } } },
    });
    expect(requests.get("_slm/policy/logs-whisper")).toMatchObject({
      repository: "bucket",
      retention: { expire_after: "7d" },
    });
    expect(requests.get("_snapshot/bucket")).toMatchObject({ settings: { bucket: "bucket-of-logs" } });
  });

  it("has a field for everything that each line bears, and one for all the rest", () => {
    const { template } = z
      .object({
        template: z.object({
          settings: z.record(z.string(), z.unknown()),
          mappings: z.object({ dynamic: z.literal(false), properties: z.record(z.string(), z.unknown()) }),
        }),
      })
      .parse(requests.get("_index_template/logs-whisper"));
    const borne = ["environment", "namespace", "component", "pod", "container", "node", "level", "event"];
    for (const field of [...borne, "trace_id", "message", "@timestamp"])
      expect(template.mappings.properties).toHaveProperty([field]);
    expect(template.mappings.properties.attributes).toMatchObject({ type: "flattened" });
    expect(template.settings).toMatchObject({
      "index.number_of_replicas": 1,
      "index.lifecycle.name": "logs-whisper",
    });
  });

  it("is for the data stream that lines are shipped to", () => {
    expect(requests.get("_index_template/logs-whisper")).toMatchObject({
      index_patterns: [streamPattern],
      data_stream: {},
    });
    expect(dataStreamOf("production")).toMatch(new RegExp(`^${streamPattern.replace("*", "[a-z]+")}$`));
  });

  it("asks for what is in its list, one file for each", async () => {
    const { data } = z
      .object({ data: z.record(z.string(), z.string()) })
      .parse(
        (await elasticsearch({ bucket: { ...sound.bucket, bucket: pulumi.output("b") } })).named(
          "es-set-up-requests",
        ).inputs,
      );
    const paths = data.paths?.trim().split("\n") ?? [];
    expect(paths).toEqual([...requests.keys()]);
    for (const index of paths.keys()) expect(JSON.parse(data[`${index}.json`] ?? "")).toBeTypeOf("object");
  });
});
