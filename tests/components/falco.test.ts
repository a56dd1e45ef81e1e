import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { nodeAgents } from "../../catalog/node-agents.ts";
import { falcoConfiguration, falcoRules } from "../../components/falco/configuration.ts";
import { Falco } from "../../components/falco/falco.ts";
import { podTraffic } from "../../components/traffic/network-policy.ts";
import { planTraffic } from "../../components/traffic/plan.ts";
import { namespacesOf, platformTraffic } from "../../stacks/traffic.ts";
import { ownership } from "./fixtures.ts";
import { record } from "./harness.ts";

const parties = platformTraffic();
const plan = planTraffic(parties.everybody, {
  addresses: { vpc: "10.16.0.0/16", pods: "10.17.0.0/16", services: "10.18.0.0/20" },
  namespaces: namespacesOf((thing) => `whisper-staging-${thing}`),
  operatorRanges: [],
});
const falco = () =>
  record(
    () =>
      new Falco("falco", {
        ownership,
        namespace: { name: "whisper-staging-node-agents", guards: [] },
        namespacePrefix: "whisper-staging-",
        traffic: podTraffic(plan, parties.falco),
      }),
  );

describe("Falco", () => {
  it("runs on every node, before all else that wants a place there", async () => {
    expect((await falco()).named("falco-daemon-set").inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            tolerations: [{ operator: "Exists" }],
            priorityClassName: "whisper-node-agent",
            automountServiceAccountToken: false,
          },
        },
      },
    });
  });

  it("has of its node what the catalogue allows, and shares none of its namespaces", async () => {
    const { spec } = templateOf((await falco()).named("falco-daemon-set").inputs);
    const [container] = spec.containers;
    expect(container?.securityContext).toMatchObject({
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: nodeAgents.falco.capabilities },
    });
    const fromNode = spec.volumes.flatMap(({ name, hostPath }) => (hostPath ? [{ name, ...hostPath }] : []));
    expect(fromNode.map(({ path }) => path)).toEqual(Object.keys(nodeAgents.falco.hostPaths));
    const mounts = container?.volumeMounts ?? [];
    expect(mounts.filter(({ readOnly }) => readOnly !== true)).toEqual([
      { name: "scratch", mountPath: "/tmp" },
    ]);
    for (const { name } of fromNode) expect(mounts.map((mount) => mount.name)).toContain(name);
    for (const shared of ["hostPID", "hostNetwork", "hostIPC"]) expect(spec).not.toHaveProperty(shared);
  });

  it("is asked for its metrics by Prometheus, and may itself call for names alone", async () => {
    const { inputs } = (await falco()).named("falco-traffic");
    expect(inputs).toMatchObject({
      spec: {
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } }],
            ports: [{ port: 8765 }],
          },
        ],
      },
    });
    expect(JSON.stringify(inputs)).not.toContain("ipBlock");
  });

  it("rolls when what it reads changes", async () => {
    const { metadata } = templateOf((await falco()).named("falco-daemon-set").inputs);
    expect(metadata.annotations["whisper.platform/configuration"]).toMatch(/^[0-9a-f]{16}$/);
  });
});

const template = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    containers: z.array(
      z.object({
        securityContext: z.looseObject({}),
        volumeMounts: z.array(
          z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
        ),
      }),
    ),
    volumes: z.array(z.object({ name: z.string(), hostPath: z.object({ path: z.string() }).optional() })),
  }),
});
const templateOf = (inputs: object) => z.object({ spec: z.object({ template }) }).parse(inputs).spec.template;

describe("Falco's configuration", () => {
  const settings: unknown = parse(falcoConfiguration());

  it("says what it finds on its output and to Prometheus, and sends and runs nothing", () => {
    expect(settings).toMatchObject({
      engine: { kind: "modern_ebpf" },
      // Several may match one call, and none may hide another.
      rule_matching: "all",
      json_output: true,
      stdout_output: { enabled: true },
      http_output: { enabled: false },
      program_output: { enabled: false },
      webserver: { enabled: true, prometheus_metrics_enabled: true, listen_port: 8765 },
      metrics: { enabled: true, rules_counters_enabled: true },
    });
  });
});

/** What Falco takes for each kind of entry; it refuses a key that it does not know. */
const entry = z.union([
  z.strictObject({ list: z.string(), items: z.array(z.string()).min(1) }),
  z.strictObject({ macro: z.string(), condition: z.string() }),
  z.strictObject({
    rule: z.string(),
    desc: z.string().min(20),
    condition: z.string(),
    output: z.string(),
    priority: z.enum([
      "EMERGENCY",
      "ALERT",
      "CRITICAL",
      "ERROR",
      "WARNING",
      "NOTICE",
      "INFORMATIONAL",
      "DEBUG",
    ]),
    tags: z.array(z.string().regex(/^[\w.]+$/)),
  }),
]);

describe("Falco's rules", () => {
  const entries = z.array(entry).parse(parse(falcoRules("whisper-staging-")));
  const rules = entries.flatMap((each) => ("rule" in each ? [each] : []));
  const known = new Set(
    entries.flatMap((each) => ("list" in each ? [each.list] : "macro" in each ? [each.macro] : [])),
  );

  it("are named once each", () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(new Set(rules.map(({ rule }) => rule)).size).toBe(rules.length);
  });

  it.each(rules)("$rule: names its events first, so that not every call is looked at", ({ condition }) => {
    expect(condition).toMatch(/^evt\.type in \(\w+(, \w+)*\) and platform_container and /);
  });

  it.each(rules)("$rule: is closed, and asks lists and macros that are there", ({ condition }) => {
    const bare = condition.replaceAll(/"[^"]*"/g, "");
    const opened = bare.split("(").length;
    expect(bare.split(")")).toHaveLength(opened);
    for (const [name] of bare.matchAll(/\bplatform_\w+/g)) expect(known).toContain(name);
  });

  it.each(rules)("$rule: says which pod it was, and which command", ({ output }) => {
    for (const field of ["%k8s.pod.name", "%k8s.ns.name", "%proc.cmdline"]) expect(output).toContain(field);
  });

  it("are about the namespaces of one environment", () => {
    expect(entries).toContainEqual({
      macro: "platform_container",
      condition: 'container.id != host and k8s.ns.name startswith "whisper-staging-"',
    });
  });

  it("see a token whichever way it is read", () => {
    const condition = rules.find(({ rule }) => rule.includes("token"))?.condition;
    for (const folder of ["/var/run", "/run"])
      expect(condition).toContain(`fd.name startswith "${folder}/secrets/kubernetes.io/serviceaccount"`);
  });
});
