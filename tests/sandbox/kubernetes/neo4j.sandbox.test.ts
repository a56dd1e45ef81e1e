import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Driver } from "neo4j-driver";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Neo4j } from "../../../components/neo4j/neo4j.ts";
import { createAuthority, issueServing } from "../../../sandbox/certificates.ts";
import { adminCommand } from "../../../sandbox/kubernetes/neo4j/java.ts";
import type { ClusterSpec, KubernetesRuntime, PodServerReport } from "../../../sandbox/kubernetes/runtime.ts";
import { listProcesses } from "../../../sandbox/processes/processes.ts";
import { run, serverOwner } from "../../../sandbox/stores/privileges.ts";
import { ensureNeo4j } from "../../../toolchain/neo4j.ts";
import { record } from "../../components/harness.ts";
import { cluster, single } from "../../components/neo4j-args.ts";
import {
  clusterSpec,
  eventually,
  type RuntimeFixture,
  runtimeFixture,
  TestClient,
} from "./cluster-fixture.ts";
import { type FakeCloud, startFakeCloud } from "./fake-cloud.ts";
import { neo4jDriver, neo4jIsToBeHad } from "./neo4j-driver.ts";
import { nodeSpec } from "./node-spec.ts";

/** What the component makes, in the order in which Kubernetes wants it. */
const collections: Readonly<Record<string, string>> = {
  ServiceAccount: "/api/v1/namespaces/stores/serviceaccounts",
  ConfigMap: "/api/v1/namespaces/stores/configmaps",
  Secret: "/api/v1/namespaces/stores/secrets",
  PersistentVolumeClaim: "/api/v1/namespaces/stores/persistentvolumeclaims",
  StatefulSet: "/apis/apps/v1/namespaces/stores/statefulsets",
};
const pods = "/api/v1/namespaces/stores/pods";
const host = "graph.stores.svc.cluster.local";
/** What the mocked engine draws. */
const password = "drawn-at-random";

let cloud: FakeCloud;
let fixture: RuntimeFixture;
let runtime: KubernetesRuntime;
let spec: ClusterSpec;
let client: TestClient;
const drivers: Driver[] = [];

async function startCluster(): Promise<void> {
  await runtime.start(spec);
  await runtime.setNodes(spec.id, [nodeSpec(1, { size: "s-4vcpu-8gb", vcpus: 4, memoryMib: 8192 })]);
  client = new TestClient(await runtime.credentials(spec.id));
}

/** The component's own objects; certificates, which a mocked engine does not make, are made for the names it asks for. */
async function createNeo4j(): Promise<void> {
  const recording = await record(() => new Neo4j("graph", single));
  const issuer = await createAuthority("graph authority");
  const { dnsNames } = recording.named("graph-request").inputs;
  const { certificate, key } = await issueServing("graph", issuer, {
    dnsNames: dnsNames as string[],
    ipAddresses: [],
  });
  const authority = issuer.certificate.toString("pem");
  writeFileSync(authorityFile(), authority);
  for (const [kind, collection] of Object.entries(collections)) {
    for (const { name, inputs } of recording.ofType(kind)) {
      const certificates = { "ca.crt": authority, "tls.crt": certificate, "tls.key": key };
      const { status, body } = await client.call("POST", collection, {
        ...inputs,
        ...(name === "graph-certificates" && { data: undefined, stringData: certificates }),
      });
      expect(status, JSON.stringify(body)).toBe(201);
    }
  }
}

const authorityFile = () => path.join(fixture.directory, "authority.crt");

const report = (): PodServerReport | undefined => runtime.report()[0]?.podServers[0];

const processes = async () =>
  (await listProcesses()).filter(
    ({ argv }) => argv[0]?.endsWith("java") && argv.some((word) => word.includes(`${fixture.directory}/`)),
  );

/** The address of the pod's server, once it has one. */
const serverAddress = () => eventually("the pod has a server", () => report()?.address);

/** A client of the pod's server. */
async function connect(secret = password): Promise<Driver> {
  const driver = neo4jDriver({
    uri: `neo4j://${host}:7687`,
    password: secret,
    authorityFile: authorityFile(),
    address: await serverAddress(),
  });
  drivers.push(driver);
  return driver;
}

/** A command that the component names for the stopped server, as a pod with the server's volume would run it. */
async function offline(which: "dump" | "load"): Promise<() => Promise<void>> {
  const { offline: hook } = (await record(() => new Neo4j("graph", single))).result.backup;
  if (hook === undefined) throw new Error("The component names no way to dump it.");
  const dumps = path.join(fixture.directory, "dumps");
  mkdirSync(dumps, { recursive: true });
  if (serverOwner !== undefined) chownSync(dumps, serverOwner, serverOwner);
  const [program, ...args] = hook[which];
  expect(program).toBe("neo4j-admin");
  const home = path.join(fixture.directory, "volumes", [...cloud.volumes.keys()][0] ?? "", "home");
  const command = adminCommand(
    await ensureNeo4j(),
    { home, configuration: path.join(home, "conf") },
    args.map((word) => word.replace(hook.dumpFolder, dumps)),
  );
  return () => run(command, home);
}

/** Makes the server's pods so many, and waits until they are. */
async function scale(replicas: 0 | 1): Promise<void> {
  await client.call("PATCH", `${collections.StatefulSet}/graph`, { spec: { replicas } });
  await eventually("it is scaled", async () => {
    const there = report()?.address !== undefined;
    return (there === (replicas === 1) && (there || (await processes()).length === 0)) || undefined;
  });
}

async function speakers(driver: Driver): Promise<unknown[]> {
  const { records } = await driver.executeQuery("MATCH (s:Speaker) RETURN s.name AS name ORDER BY name");
  return records.map((row) => row.get("name"));
}

describe.skipIf(!neo4jIsToBeHad)("a pod that runs Neo4j", () => {
  beforeAll(async () => {
    cloud = await startFakeCloud();
    fixture = await runtimeFixture(cloud);
    runtime = fixture.runtime;
    spec = clusterSpec(runtime, "graphs");
    await startCluster();
    await client.call("POST", "/api/v1/namespaces", { metadata: { name: "stores" } });
    await client.call("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", {
      metadata: { name: "whisper-store" },
      value: 1,
    });
    await createNeo4j();
  });

  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((each) => each.close()));
    vi.restoreAllMocks();
  });

  afterAll(async () => {
    await client?.close();
    await runtime?.close();
    await cloud?.close();
    expect(await processes()).toEqual([]);
    await fixture?.remove();
  });

  it("costs nothing before its first client, and starts once for two that come at the same time", async () => {
    await serverAddress();
    expect(report()?.status).toBe("asleep");
    expect(await processes()).toEqual([]);

    const drivers = await Promise.all([connect(), connect()]);
    await Promise.all(
      drivers.map((driver, index) =>
        driver.executeQuery("CREATE (:Speaker {name: $name})", { name: `speaker ${index}` }),
      ),
    );

    expect(await processes()).toHaveLength(1);
    expect(report()).toMatchObject({ status: "running", name: "stores/graph-0" });
    expect(await speakers(await connect())).toEqual(["speaker 0", "speaker 1"]);
  });

  it("refuses a wrong password, and shows the right one in no argument of a process", async () => {
    await expect((await connect("guessed")).executeQuery("RETURN 1")).rejects.toMatchObject({
      code: "Neo.ClientError.Security.Unauthorized",
    });
    const [process] = await processes();
    expect(process?.argv.join(" ")).not.toContain(password);
  });

  it("has its data again at the same address when its pod was deleted, and the sandbox restarted", async () => {
    const address = await serverAddress();
    const { body: before } = await client.call("GET", `${pods}/graph-0`);
    await client.call("DELETE", `${pods}/graph-0`);
    await eventually("there is another pod with a server", async () => {
      const { body } = await client.call("GET", `${pods}/graph-0`);
      return (body.metadata?.uid !== before.metadata.uid && report()?.status === "asleep") || undefined;
    });
    await client.close();
    await runtime.close();
    expect(await processes()).toEqual([]);
    runtime = fixture.again();
    await startCluster();
    expect(await serverAddress()).toBe(address);
    expect(await speakers(await connect())).toEqual(["speaker 0", "speaker 1"]);
  });

  it("has back from a dump what was destroyed since, by the commands that the component names", async () => {
    const [dump, load] = [await offline("dump"), await offline("load")];
    await expect(dump()).rejects.toThrow("Dump failed");
    await scale(0);
    await dump();
    await scale(1);
    const driver = await connect();
    await driver.executeQuery("MATCH (s:Speaker) DELETE s");
    expect(await speakers(driver)).toEqual([]);
    await scale(0);
    await load();
    await scale(1);
    expect(await speakers(await connect())).toEqual(["speaker 0", "speaker 1"]);
  });

  it("says of the enterprise edition that nothing runs in its pods", async () => {
    const recording = await record(() => new Neo4j("grand", cluster));
    const { template } = recording.named("grand-stateful-set").inputs.spec as { template: object };
    const { spec: podSpec } = template as { spec: { containers: object[] } };
    const [container] = podSpec.containers;
    const { status } = await client.call("POST", pods, {
      metadata: { name: "grand-0" },
      spec: { containers: [{ name: "neo4j", image: (container as { image: string }).image }] },
    });
    expect(status).toBe(201);
    const told = await eventually("it is told", () =>
      runtime.report()[0]?.podServers.find(({ name }) => name === "stores/grand-0"),
    );
    expect(told).toMatchObject({ status: "absent", message: expect.stringContaining("-enterprise") });
  });

  it("is gone with its volume", async () => {
    const [volume] = cloud.volumes.values();
    const folder = path.join(fixture.directory, "volumes", volume?.id ?? "");
    expect(readdirSync(folder)).toContain("data");
    await client.call("DELETE", `${collections.StatefulSet}/graph`);
    await eventually("its server has ended", async () => (await processes()).length === 0 || undefined);
    await runtime.deleteVolume(volume?.id ?? "");
    expect(existsSync(folder)).toBe(false);
  });
});
