import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeFiles } from "../../platform/gate/judge-files.ts";
import { readManifests } from "../../platform/gate/manifests.ts";
import { readState } from "../../platform/gate/state.ts";
import type { Finding } from "../../platform/gate/verdict.ts";
import { junitXml } from "../../platform/report/junit.ts";
import { sarifLog } from "../../platform/report/sarif.ts";
import { rules } from "../../policies/rules.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gate-files-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file below a folder of its own. @returns The folder. */
function written(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(folder, name);
}

const standard = "Pod Security Standards";
const pod = (name: string, spec: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: tools }
spec:
  ${spec}
  securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
  containers:
    - name: main
      image: registry.example/tool:1.0.0
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
`;

describe("manifests", () => {
  it("are judged wherever they lie below a folder, each with its file and line", async () => {
    const path = written("some", {
      "good.yaml": pod("good", "hostNetwork: null"),
      "deep/bad.yml": `${pod("fine", "hostNetwork: false")}---\n${pod("bad", "hostNetwork: true")}`,
      "values.yaml": "replicas: 2\n",
      "list.json": JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [{ apiVersion: "v1", kind: "Pod", metadata: { name: "listed" }, spec: { containers: [] } }],
      }),
      "node_modules/other.yaml": "[",
      "read.me": "[",
    });
    const { findings, resources, notJudged, allowed } = await judgeFiles(
      { manifests: path },
      undefined,
      standard,
    );
    expect(resources).toBe(4);
    expect(allowed).toBe(false);
    expect(notJudged).toEqual([{ file: join(path, "values.yaml"), line: 1 }]);
    expect(findings.map(({ policy, name, place }) => ({ policy, name, place }))).toEqual([
      {
        policy: "refuse-host-namespaces",
        name: "tools/bad",
        place: { file: join(path, "deep/bad.yml"), line: 12 },
      },
    ]);
  });

  it("that cannot be parsed are refused, all at once, with file and line", () => {
    const path = written("broken", { "a.yaml": "kind: Pod\nspec: [\n", "b.yaml": "kind: Pod\n---\n: {\n" });
    expect(() => readManifests(path)).toThrow(/a\.yaml:1: [\s\S]*b\.yaml:\d: /);
  });

  it.each([
    ["a folder that is not there", () => join(folder, "nowhere")],
    ["a folder without any", () => written("empty", { "read.me": "" })],
  ])("in %s are refused: nothing judged is nothing passed", (_what, path) => {
    expect(() => readManifests(path())).toThrow("cannot be judged");
  });

  it("are asked no rule of a framework that there is not", async () => {
    const path = written("any", { "a.yaml": pod("a", "hostNetwork: false") });
    await expect(judgeFiles({ manifests: path }, undefined, "PCI")).rejects.toThrow("The frameworks are ");
  });

  it("answer to all rules, and to those of an environment's levels", async () => {
    const path = written("all", { "a.yaml": pod("a", "hostNetwork: false") });
    const levels = { "require-memory-limits": "advisory", "require-network-policies": "disabled" };
    const { findings } = await judgeFiles(
      { manifests: path },
      { stack: "staging", config: { "policies:levels": levels } },
      undefined,
    );
    const found = new Map(findings.map(({ policy, level }) => [policy, level]));
    expect(found.get("require-memory-limits")).toBe("advisory");
    expect(found.get("require-network-policies")).toBeUndefined();
    expect(found.get("require-ownership")).toBe("mandatory");
  });
});

describe("a state", () => {
  const urn = (type: string, name: string) => `urn:pulumi:production::whisper-platform::${type}::${name}`;
  const cluster = urn("digitalocean:index/databaseCluster:DatabaseCluster", "postgres");
  const resources = [
    {
      urn: cluster,
      type: "digitalocean:index/databaseCluster:DatabaseCluster",
      inputs: {
        nodeCount: 1,
        tags: [],
        name: { "4dabf18193072939515e22adb298388d": "1b", ciphertext: "v1:x" },
      },
      protect: true,
    },
    {
      urn: urn("digitalocean:index/databaseFirewall:DatabaseFirewall", "sources"),
      type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
      inputs: { rules: [{ type: "ip_addr", value: "203.0.113.7" }] },
      propertyDependencies: { clusterId: [cluster], rules: null },
    },
    { urn: urn("digitalocean:index/vpc:Vpc", "gone"), type: "digitalocean:index/vpc:Vpc", delete: true },
  ];

  it.each([
    ["an export", { version: 3, deployment: { resources } }],
    ["a file of a backend", { version: 3, checkpoint: { stack: "production", latest: { resources } } }],
  ])("as %s is judged by what its stack is, and by what refers to what", async (_what, state) => {
    const path = written("states", { "state.json": JSON.stringify(state) });
    const { findings } = await judgeFiles({ state: join(path, "state.json") }, undefined, undefined);
    const policies = findings.filter(({ urn }) => urn === cluster).map(({ policy }) => policy);
    expect(policies).toContain("require-standby-node");
    expect(policies).not.toContain("require-trusted-sources");
    expect(policies).not.toContain("require-store-protection");
  });

  it("keeps its secrets closed, and leaves out what waits to be deleted", () => {
    const path = written("secret", { "state.json": JSON.stringify({ deployment: { resources } }) });
    const read = readState(join(path, "state.json"));
    expect(read.map(({ name }) => name)).toEqual(["postgres", "sources"]);
    expect(read[0]?.props.name).toBe("(secret)");
  });

  it("leads from one to the other by ids too, where a program was given those", () => {
    const id = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30";
    const [postgres, sources] = [resources[0], resources[1]];
    const imported = [
      { ...postgres, id },
      {
        ...sources,
        inputs: { clusterId: id, rules: [{ type: "droplet", value: 3164494 }] },
        propertyDependencies: null,
      },
      {
        urn: urn("digitalocean:index/droplet:Droplet", "worker"),
        type: "digitalocean:index/droplet:Droplet",
        id: "3164494",
      },
      // A name is nobody's alone.
      {
        urn: urn("digitalocean:index/tag:Tag", "postgres"),
        type: "digitalocean:index/tag:Tag",
        id: "droplet",
      },
    ];
    const path = written("imported", {
      "state.json": JSON.stringify({ deployment: { resources: imported } }),
    });
    expect(readState(join(path, "state.json"))[1]?.refersTo).toEqual({
      clusterId: [cluster],
      rules: [urn("digitalocean:index/droplet:Droplet", "worker")],
    });
  });

  it.each(["{}", "[", '{"deployment":{"resources":"none"}}', ""])("%j is none", (text) => {
    const path = written("none", { "state.json": text });
    expect(() => readState(join(path, "state.json"))).toThrow(/is no state of Pulumi's|cannot be read/);
  });
});

const findings: Finding[] = [
  {
    policy: "refuse-host-ports",
    pack: "whisper-platform",
    level: "mandatory",
    urn: "urn:pulumi:a::b::c::d",
    name: "d",
    message: "<bad> & \u0001worse\nRemedy: none",
    place: { file: "a folder/a.yaml", line: 7 },
  },
  { policy: "tell-exemptions", pack: "whisper-platform", level: "advisory", message: "told" },
];

describe("findings", () => {
  it("are written as SARIF: each rule there is, each finding with its place", () => {
    const [run] = sarifLog(findings, "Pulumi.staging.yaml").runs;
    const ids = run?.tool.driver.rules?.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...rules.map(({ name }) => name), "tell-exemptions"]);
    expect(run?.results).toMatchObject([
      {
        ruleId: "refuse-host-ports",
        level: "error",
        locations: [
          { physicalLocation: { artifactLocation: { uri: "a%20folder/a.yaml" }, region: { startLine: 7 } } },
        ],
      },
      {
        ruleId: "tell-exemptions",
        level: "warning",
        locations: [{ physicalLocation: { artifactLocation: { uri: "Pulumi.staging.yaml" } } }],
      },
    ]);
  });

  it("are written as JUnit's XML: a case for each rule, which fails with what it stops", () => {
    const text = junitXml(findings, "staging");
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(text);
    const { testcase, ...suite } = testsuites.testsuite;
    expect(suite).toMatchObject({ "@_tests": `${rules.length + 1}`, "@_failures": "1" });
    const failed = testcase.filter((one: object) => "failure" in one);
    expect(failed).toMatchObject([
      {
        "@_name": "refuse-host-ports",
        failure: { "#text": "a folder/a.yaml:7 d: <bad> & worse\nRemedy: none" },
      },
    ]);
    expect(testcase.at(-1)).toMatchObject({
      "@_name": "tell-exemptions",
      "system-out": expect.stringContaining("told"),
    });
  });
});
