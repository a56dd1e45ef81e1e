import { readdirSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { containerImages } from "../../catalog/images.ts";
import { Alerting } from "../../components/alerting/alerting.ts";
import { Alertmanager } from "../../components/alertmanager/alertmanager.ts";
import { Application } from "../../components/application/application.ts";
import { Cdn } from "../../components/cdn/cdn.ts";
import { DnsRecords } from "../../components/dns-records/dns-records.ts";
import { DnsZone } from "../../components/dns-zone/dns-zone.ts";
import { Edge } from "../../components/edge/edge.ts";
import { Elasticsearch } from "../../components/elasticsearch/elasticsearch.ts";
import { Exporter } from "../../components/exporters/exporter.ts";
import { NodeExporter } from "../../components/exporters/node-exporter.ts";
import { Falco } from "../../components/falco/falco.ts";
import { Firewall } from "../../components/firewall/firewall.ts";
import { GpuPoolController } from "../../components/gpu-pool/controller.ts";
import { GpuPool } from "../../components/gpu-pool/gpu-pool.ts";
import { GpuRollout } from "../../components/gpu-pool/rollout.ts";
import { GpuSecretsDelivery } from "../../components/gpu-pool/secrets-delivery.ts";
import { Grafana } from "../../components/grafana/grafana.ts";
import { HealthMonitor } from "../../components/health-monitor/health-monitor.ts";
import { Image } from "../../components/image/image.ts";
import { Jaeger } from "../../components/jaeger/jaeger.ts";
import { Kibana } from "../../components/kibana/kibana.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster/kubernetes-cluster.ts";
import { LogShipping } from "../../components/log-shipping/log-shipping.ts";
import { Loki } from "../../components/loki/loki.ts";
import { Namespace } from "../../components/namespace/namespace.ts";
import { Neo4j } from "../../components/neo4j/neo4j.ts";
import { Network } from "../../components/network/network.ts";
import { ObjectStorage } from "../../components/object-storage/object-storage.ts";
import { OpenTelemetryCollector } from "../../components/opentelemetry-collector/opentelemetry-collector.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { Priorities } from "../../components/priorities/priorities.ts";
import { Project } from "../../components/project/project.ts";
import { Prometheus } from "../../components/prometheus/prometheus.ts";
import { Registry } from "../../components/registry/registry.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { Valkey } from "../../components/valkey/valkey.ts";
import { Workload } from "../../components/workload/workload.ts";
import { everybody } from "./alertmanager/receivers.ts";
import {
  applicationArgs,
  edgeArgs,
  healthMonitorArgs,
  ownership,
  placement,
  watchedDatabase,
} from "./fixtures.ts";
import { grafanaArgs } from "./grafana/args.ts";
import { type Recorded, record } from "./harness.ts";

const zone = () => ({ domain: pulumi.output("whisper.example.com") });
const database = () => ({
  ownership,
  placement: placement(),
  size: "db-s-2vcpu-4gb",
  trustedClusterIds: ["k8s-id"],
});

const namespace = { name: "space", guards: [] };
const requests = { cpu: "100m", cpuLimit: "1", memory: "256Mi" };

/** Each component with everything it can make; a new component gets a line here. */
const components: Record<string, (name: string) => pulumi.ComponentResource> = {
  Alerting: (name) =>
    new Alerting(name, {
      emails: ["on-call@example.com"],
      endpoints: { api: "https://api.example.com/health" },
      dropletTags: ["gpu"],
      databases: { postgres: watchedDatabase() },
    }),
  Alertmanager: (name) =>
    new Alertmanager(name, {
      ownership,
      namespace,
      replicas: 2,
      receivers: everybody,
      secrets: { slack: "webhook", email: "password", pagerDuty: "key", heartbeat: "address" },
      traffic: silence,
    }),
  Application: (name) => new Application(name, applicationArgs()),
  Cdn: (name) =>
    new Cdn(name, { origin: "bucket.example", zone: zone(), certificate: { name: pulumi.output("tls") } }),
  DnsRecords: (name) =>
    new DnsRecords(name, { zone: zone(), records: { api: { type: "A", value: "198.51.100.7" } } }),
  DnsZone: (name) => new DnsZone(name, { domain: "whisper.example.com" }),
  Edge: (name) => new Edge(name, edgeArgs()),
  Exporter: (name) =>
    new Exporter(name, {
      ownership,
      namespace,
      program: {
        component: "everything-exporter",
        image: containerImages.blackboxExporter,
        port: 9115,
        health: "/",
        settings: { "settings.yml": "{}" },
        secrets: { password: "secret" },
        clusterRules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }],
        hasService: true,
      },
      traffic: silence,
    }),
  NodeExporter: (name) => new NodeExporter(name, { ownership, namespace, traffic: silence }),
  Elasticsearch: (name) =>
    new Elasticsearch(name, {
      ownership,
      namespace,
      bucket: applicationArgs().media,
      members: 3,
      retentionDays: 30,
      gibPerDay: 3,
      diskGib: 60,
      resources: { ...requests, memory: "4Gi" },
      kibana: { url: "http://kibana:5601/kibana", views: "{}" },
      traffic: silence,
      setUpTraffic: silence,
    }),
  Falco: (name) =>
    new Falco(name, { ownership, namespace, namespacePrefix: "whisper-staging-", traffic: silence }),
  Firewall: (name) => new Firewall(name, {}),
  Grafana: (name) => new Grafana(name, grafanaArgs()),
  HealthMonitor: (name) => new HealthMonitor(name, healthMonitorArgs()),
  Image: (name) =>
    new Image(name, {
      reference: "registry.digitalocean.com/whisper/api:1.4.2",
      source: { context: "/src" },
      pin: "staging",
    }),
  GpuPool: (name) =>
    new GpuPool(name, {
      ownership,
      placement: placement(),
      firewall: { tag: pulumi.output("gpu"), inbound: [] },
      size: "gpu-l40sx1-48gb",
      workerImage: "example.com/worker:1.0.0",
      operatorKeys: { ada: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" },
    }),
  GpuPoolController: (name) =>
    new GpuPoolController(name, {
      ownership,
      namespace,
      image: "example.com/gpu-pool-controller:0.1.0",
      pool: {
        poolId: pulumi.output("pool-id"),
        dropletUsdPerHour: 1.57,
        floor: 1,
        ceiling: 4,
        budgetUsdPerDay: 60,
        jobsPerDropletHour: 12,
      },
      broker: applicationArgs().broker,
      queue: "transcription",
      token: pulumi.secret("token"),
      traffic: silence,
    }),
  GpuRollout: (name) =>
    new GpuRollout(name, {
      ownership,
      namespace,
      image: "example.com/gpu-pool-controller:0.2.0",
      pool: {
        vpcId: pulumi.output("vpc-id"),
        roll: { dropletIds: pulumi.output(["1"]) },
        metricsPort: 9100,
        healthDeadlineSeconds: 1800,
      },
      delivery: { secretsName: "delivery-secrets" },
      traffic: silence,
    }),
  GpuSecretsDelivery: (name) =>
    new GpuSecretsDelivery(name, {
      ownership,
      namespace,
      image: "example.com/gpu-pool-controller:0.1.0",
      pool: {
        privateKey: pulumi.secret("key"),
        mark: pulumi.output("mark:5f2c"),
        vpcId: pulumi.output("vpc-id"),
        roll: { poolId: pulumi.output("pool-id") },
      },
      bundle: pulumi.secret("{}"),
      token: pulumi.secret("token"),
      traffic: silence,
    }),
  Jaeger: (name) =>
    new Jaeger(name, { ownership, namespace, traffic: silence, diskGib: 5, resources: requests }),
  Kibana: (name) =>
    new Kibana(name, {
      ownership,
      namespace,
      url: "https://ops.example.com/kibana",
      elasticsearch: ["https://es.example:9200"],
      password: pulumi.secret("drawn"),
      authority: pulumi.output("PEM"),
      traffic: silence,
    }),
  KubernetesCluster: (name) =>
    new KubernetesCluster(name, {
      ownership,
      placement: placement(),
      pools: { general: { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 3 } },
    }),
  LogShipping: (name) =>
    new LogShipping(name, {
      ownership,
      namespace,
      store: {
        kind: "elasticsearch",
        host: "logs.example",
        port: 9200,
        dataStream: "logs-whisper-staging",
        user: "shipping",
        password: pulumi.secret("drawn"),
        caCertificate: pulumi.output("PEM"),
      },
      namePrefix: "whisper-staging-",
      traffic: silence,
    }),
  Loki: (name) =>
    new Loki(name, {
      ownership,
      namespace,
      bucket: applicationArgs().media,
      traffic: silence,
      retentionDays: 30,
      diskGib: 5,
      resources: { ...requests, memory: "512Mi" },
    }),
  Namespace: (name) =>
    new Namespace(name, {
      ownership,
      component: "application",
      quota: { cpu: "4", memory: "8Gi", pods: 40 },
      registry: { endpoint: pulumi.output("registry.example"), dockerConfigJson: pulumi.secret("{}") },
    }),
  Neo4j: (name) =>
    new Neo4j(name, {
      ownership,
      namespace,
      edition: "enterprise",
      licence: "eval",
      nodeSize: "m-2vcpu-16gb",
      resources: { cpu: "1", cpuLimit: "2" },
      diskGib: 50,
      traffic: silence,
    }),
  Network: (name) => new Network(name, { region: "tor1", addressBlock: "10.16.0.0/14", natGateway: true }),
  ObjectStorage: (name) =>
    new ObjectStorage(name, {
      region: "tor1",
      nameSuffix: "k7f2q",
      consumers: { api: "read" },
      corsOrigins: ["https://a.example"],
    }),
  OpenTelemetryCollector: (name) =>
    new OpenTelemetryCollector(name, {
      ownership,
      namespace,
      traffic: silence,
      jaeger: "jaeger:4317",
      ordinaryPercent: 10,
      browserOrigins: ["https://a.example"],
      resources: requests,
    }),
  Postgres: (name) => new Postgres(name, { ...database(), readReplicas: { replica: {} } }),
  Priorities: (name) => new Priorities(name, { ownership }),
  Project: (name) => new Project(name, { environment: "staging", members: [] }),
  Prometheus: (name) =>
    new Prometheus(name, {
      ownership,
      namespace,
      targets: [namespace],
      traffic: silence,
      historyTraffic: silence,
      diskGib: 20,
      series: 30_000,
      replicas: 2,
      history: { diskGib: 5 },
    }),
  Registry: (name) => new Registry(name, { registryName: "whisper-staging", region: "tor1" }),
  Valkey: (name) => new Valkey(name, database()),
  Workload: (name) =>
    new Workload(name, {
      ownership,
      component: "web",
      namespace,
      replicas: { minimum: 1, maximum: 3 },
      servicePort: 3000,
      pod: {
        containers: [{ name: "web", image: "example.com/web:1", resources: requests, ports: { http: 3000 } }],
      },
    }),
};

const folder = new URL("../../components/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) =>
    ts.createSourceFile(file, readFileSync(new URL(file, folder), "utf8"), ts.ScriptTarget.Latest, true),
  );
const classes = sources
  .flatMap(({ statements }) => statements)
  .filter(ts.isClassDeclaration)
  .filter(({ heritageClauses }) =>
    heritageClauses?.some(({ types }) => types[0]?.expression.getText() === "Component"),
  );

it("every component there is keeps the rules of the house", () => {
  expect(Object.keys(components).sort()).toEqual(classes.map(({ name }) => name?.text).sort());
});

describe("what a component and its arguments say of themselves", () => {
  it("is how it is used, of every component, and what it costs", () => {
    for (const { name, ...declaration } of classes.map((each) => ({
      ...documented(each),
      name: each.name,
    }))) {
      expect(declaration, name?.text).toMatchObject({ tags: expect.arrayContaining(["example"]) });
      expect(declaration.text, name?.text).toContain("### Cost");
    }
  });

  it("is a sentence of every argument, a default of every one that may be left out, an example of free text", () => {
    const judged = argumentInterfaces();
    expect(judged.length).toBeGreaterThan(40);
    expect(judged.flatMap((each) => gapsOf(each.name.text, each.members, false))).toEqual([]);
  });

  it("is missed where it is missing", () => {
    const [bad] = ts
      .createSourceFile(
        "bad.ts",
        `interface BadArgs {
          readonly size: number;
          /** Its name. */
          readonly label: pulumi.Input<string>;
          /** Its parts. @default none */
          readonly parts?: { readonly count?: number };
        }`,
        ts.ScriptTarget.Latest,
        true,
      )
      .statements.filter(ts.isInterfaceDeclaration);
    expect(bad && gapsOf("BadArgs", bad.members, false)).toEqual([
      "BadArgs.size has no sentence",
      "BadArgs.label has no example",
      "BadArgs.parts.count has no sentence",
      "BadArgs.parts.count has no default",
    ]);
  });
});

function documented(node: ts.Node): { readonly text: string; readonly tags: readonly string[] } {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return {
    text: ts.getTextOfJSDocComment(comment?.comment) ?? "",
    tags: ts.getJSDocTags(node).map(({ tagName }) => tagName.text),
  };
}

/** The interfaces of arguments, and those that their properties and sizes are made of; what components hand on is not written by anybody. */
function argumentInterfaces(): ts.InterfaceDeclaration[] {
  const handedOn = ["joints.ts", "traffic/network-policy.ts"];
  const known = new Map(
    sources
      .filter(({ fileName }) => !handedOn.includes(fileName))
      .flatMap(({ statements }) => statements)
      .filter(ts.isInterfaceDeclaration)
      .map((each) => [each.name.text, each]),
  );
  const aliases = new Map(
    sources
      .flatMap(({ statements }) => statements)
      .filter(ts.isTypeAliasDeclaration)
      .map((each) => [each.name.text, each]),
  );
  const found = new Set<ts.InterfaceDeclaration>();
  const follow = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node)) {
      if (found.has(node)) return;
      found.add(node);
    }
    if (
      ts.isIdentifier(node) &&
      (ts.isTypeReferenceNode(node.parent) || ts.isExpressionWithTypeArguments(node.parent))
    ) {
      const meant = known.get(node.text) ?? (node.text.endsWith("Args") ? aliases.get(node.text) : undefined);
      if (meant) follow(meant);
    }
    node.forEachChild(follow);
  };
  for (const [name, each] of [...known, ...aliases]) if (name.endsWith("Args")) follow(each);
  return [...found];
}

/** What the documentation of properties lacks, a type that is written out in place included. */
function gapsOf(path: string, members: readonly ts.TypeElement[], shown: boolean): string[] {
  return members.filter(ts.isPropertySignature).flatMap((member) => {
    const at = `${path}.${member.name.getText()}`;
    const { text, tags } = documented(member);
    const type = member.type?.getText() ?? "";
    const hasExample = shown || tags.includes("example");
    return [
      ...(text === "" ? [`${at} has no sentence`] : []),
      ...(member.questionToken && !tags.includes("default") ? [`${at} has no default`] : []),
      // A default shows what is written as an example does; outputs are handed on by components.
      ...(/^(readonly )?(pulumi\.Input<string>|string|Readonly<Record<.*string)/.test(type) &&
      !hasExample &&
      !tags.includes("default")
        ? [`${at} has no example`]
        : []),
      ...(member.type && ts.isTypeLiteralNode(member.type)
        ? gapsOf(at, [...member.type.members], hasExample)
        : []),
    ];
  });
}

/** What has a name of its own: a cluster its component's, buckets and registries are named for the world, the rest inside what they belong to. */
const namedOtherwise = new Set([
  "ContainerRegistries",
  "DatabaseConnectionPool",
  "DatabaseDb",
  "DatabaseUser",
  "DnsRecord",
  "Domain",
  "KubernetesCluster",
  "SpacesBucket",
]);

/** What follows the name of what is made anew before the old one goes: what tells the two apart. */
const nextNamedAnother: Readonly<Record<string, (inputs: Recorded["inputs"]) => string>> = {
  Certificate: () => "-[0-9a-f]{6}",
  KubernetesNodePool: ({ size }) => `-${size}`,
};

const lastPart = (type: string) => type.split(":").at(-1) ?? "";

describe.each(Object.entries(components))("%s keeps the rules of the house", (className, make) => {
  let resources: readonly Recorded[] = [];
  beforeAll(async () => {
    resources = (await record(() => make("whisper-staging-thing"))).resources;
  });

  it("has its folder and its class for a type", () => {
    const [component] = resources;
    expect(component?.type).toMatch(new RegExp(`^whisper:[a-z0-9-]+:${className}$`));
  });

  it("is the parent of all it makes, itself or through a component of its own", () => {
    const children = resources.slice(1);
    const makers = resources.filter(({ type }) => type.startsWith("whisper:")).map(({ name }) => name);
    expect(children.filter(({ parent = "nobody" }) => !makers.includes(parent))).toEqual([]);
    expect(children.length).toBeGreaterThan(0);
  });

  it("names things in the cloud as in the program", () => {
    const named = resources.filter(
      ({ type, inputs }) => "name" in inputs && !namedOtherwise.has(lastPart(type)),
    );
    for (const { type, name, inputs } of named) {
      const followedBy = nextNamedAnother[lastPart(type)]?.(inputs) ?? "";
      expect(inputs.name).toMatch(new RegExp(`^${name}${followedBy}$`));
    }
  });

  it("never takes a project or a certificate's id, which would replace or expire", () => {
    for (const { inputs } of resources.slice(1)) {
      expect(inputs).not.toHaveProperty("projectId");
      expect(inputs).not.toHaveProperty("certificateId");
    }
  });
});
