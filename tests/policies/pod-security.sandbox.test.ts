import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import {
  clusterSpec,
  eventually,
  type RuntimeFixture,
  runtimeFixture,
  TestClient,
} from "../sandbox/kubernetes/cluster-fixture.ts";
import { type FakeCloud, startFakeCloud } from "../sandbox/kubernetes/fake-cloud.ts";
import { judgedStack, violationsOf } from "./harness.ts";

/** The rules that say they are of the standard, held against Kubernetes' own admission of the profile `restricted`. */
const standard = rules.filter(({ references }) =>
  references.some(({ framework }) => framework === "Pod Security Standards"),
);

type Context = Record<string, unknown>;
/** A part of a pod, or nothing to leave it out. */
interface Draft {
  readonly pod: Record<string, unknown> & { securityContext: Context; volumes: object[] };
  readonly container: Record<string, unknown> & { securityContext: Context };
  readonly init: Record<string, unknown> & { securityContext: Context };
  readonly annotations: Record<string, string>;
}

const sound = (): Draft => {
  const container = (name: string) => ({
    name,
    image: "registry.example/app:1.0.0",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  });
  return {
    pod: { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } }, volumes: [] },
    container: container("main"),
    init: container("first"),
    annotations: {},
  };
};

const podOf = ({ pod, container, init, annotations }: Draft) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "judged", annotations },
  spec: { ...pod, containers: [container], initContainers: [init] },
});

type Edit = (draft: Draft) => void;
const places = ["pod", "container", "init"] as const;
const containers = ["container", "init"] as const;
const inContext = (key: string, value: unknown, where: readonly (typeof places)[number][] = places) =>
  where.map((place): [string, Edit] => [
    `${place}.securityContext.${key} = ${JSON.stringify(value)}`,
    (draft) => {
      draft[place].securityContext[key] = value;
    },
  ]);
const inPart = (key: string, value: unknown, where: readonly (typeof places)[number][]) =>
  where.map((place): [string, Edit] => [
    `${place}.${key} = ${JSON.stringify(value)}`,
    (draft) => {
      (draft[place] as Context)[key] = value;
    },
  ]);
const volume = (source: Record<string, object>): [string, Edit] => [
  `a volume that is ${JSON.stringify(source)}`,
  ({ pod }) => void pod.volumes.push({ name: `v${pod.volumes.length}`, ...source }),
];

/** One way each to be asked for otherwise; some are harmless. */
const edits: readonly [string, Edit][] = [
  ...inContext("runAsNonRoot", undefined),
  ...inContext("runAsNonRoot", false),
  ...inContext("runAsNonRoot", true),
  ...inContext("runAsUser", 0),
  ...inContext("runAsUser", 1000),
  ...inContext("seccompProfile", undefined),
  ...inContext("seccompProfile", { type: "Unconfined" }),
  ...inContext("seccompProfile", { type: "Localhost", localhostProfile: "own.json" }),
  ...inContext("appArmorProfile", { type: "Unconfined" }),
  ...inContext("appArmorProfile", { type: "RuntimeDefault" }),
  ...inContext("seLinuxOptions", { type: "container_init_t" }),
  ...inContext("seLinuxOptions", { type: "spc_t" }),
  ...inContext("seLinuxOptions", { user: "system_u" }),
  ...inContext("seLinuxOptions", { role: "system_r" }),
  ...inContext("sysctls", [{ name: "net.ipv4.tcp_rmem", value: "1" }], ["pod"]),
  ...inContext("sysctls", [{ name: "kernel.msgmax", value: "1" }], ["pod"]),
  ...inContext("allowPrivilegeEscalation", undefined, containers),
  ...inContext("allowPrivilegeEscalation", true, containers),
  ...containers.map((place): [string, Edit] => [
    `${place} is privileged`,
    (draft) => {
      // Kubernetes takes no privileged container that may not gain privileges.
      Object.assign(draft[place].securityContext, { privileged: true, allowPrivilegeEscalation: undefined });
    },
  ]),
  ...inContext("privileged", false, containers),
  ...inContext("capabilities", undefined, containers),
  ...inContext("capabilities", { drop: ["NET_RAW"] }, containers),
  ...inContext("capabilities", { drop: ["ALL"], add: ["NET_BIND_SERVICE"] }, containers),
  ...inContext("capabilities", { drop: ["ALL"], add: ["CHOWN"] }, containers),
  ...inContext("capabilities", { drop: ["ALL"], add: ["SYS_ADMIN"] }, containers),
  ...containers.map((place): [string, Edit] => [
    `${place} shows all of /proc`,
    (draft) => {
      // Which Kubernetes takes only where root is nobody on the node.
      draft.pod.hostUsers = false;
      draft[place].securityContext.procMount = "Unmasked";
    },
  ]),
  ...inContext("procMount", "Default", containers),
  ...inPart("ports", [{ containerPort: 8080, hostPort: 8080 }], containers),
  ...inPart("ports", [{ containerPort: 8080 }], containers),
  ...inPart("livenessProbe", { httpGet: { port: 80, host: "203.0.113.7" } }, ["container"]),
  ...inPart("readinessProbe", { tcpSocket: { port: 80, host: "203.0.113.7" } }, ["container"]),
  ...inPart("startupProbe", { httpGet: { port: 80 } }, ["container"]),
  ...inPart("lifecycle", { preStop: { httpGet: { port: 80, host: "203.0.113.7" } } }, ["container"]),
  ...inPart("lifecycle", { postStart: { exec: { command: ["true"] } } }, ["container"]),
  ...["hostNetwork", "hostPID", "hostIPC"].flatMap((key) => inPart(key, true, ["pod"])),
  ...inPart("hostUsers", false, ["pod"]),
  ...inPart("hostUsers", true, ["pod"]),
  volume({ hostPath: { path: "/var/run" } }),
  volume({ nfs: { server: "nfs.example.com", path: "/" } }),
  volume({ emptyDir: {} }),
  volume({ configMap: { name: "some" } }),
  volume({ csi: { driver: "some.example.com" } }),
  volume({ iscsi: { targetPortal: "198.51.100.1", iqn: "iqn.2001-04.com.example:disk", lun: 0 } }),
  volume({ image: { reference: "registry.example/data:1", pullPolicy: "IfNotPresent" } }),
  [
    "an annotation that lets AppArmor go",
    ({ annotations }) => {
      annotations["container.apparmor.security.beta.kubernetes.io/main"] = "unconfined";
    },
  ],
  [
    "Windows",
    ({ pod, container, init }) => {
      pod.os = { name: "windows" };
      delete pod.securityContext.seccompProfile;
      for (const each of [container, init]) each.securityContext = {};
    },
  ],
  [
    "a process of a node of Windows",
    ({ pod }) => {
      pod.securityContext.windowsOptions = { hostProcess: true };
      pod.hostNetwork = true;
    },
  ],
];

let cloud: FakeCloud;
let fixture: RuntimeFixture;
let client: TestClient;
const namespace = "/api/v1/namespaces/restricted";

beforeAll(async () => {
  judgedStack("production");
  cloud = await startFakeCloud();
  fixture = await runtimeFixture(cloud);
  const cluster = clusterSpec(fixture.runtime, "pod-security");
  await fixture.runtime.start(cluster);
  client = new TestClient(await fixture.runtime.credentials(cluster.id));
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await client.call("POST", "/api/v1/namespaces", { metadata: { name: "restricted", labels } });
  await eventually("its account is there", async () => {
    const { status } = await client.call("GET", `${namespace}/serviceaccounts/default`);
    return status === 200 || undefined;
  });
});

afterAll(async () => {
  await client?.close();
  await fixture?.runtime.close();
  await fixture?.remove();
  await cloud?.close();
});

/** Whether Kubernetes takes a pod; nothing where it is no pod at all. */
async function admitted(pod: object): Promise<boolean | undefined> {
  const { status, body } = await client.call("POST", `${namespace}/pods?dryRun=All`, pod);
  if (status === 422) return undefined;
  if (status === 403) expect(body.message).toContain("violates PodSecurity");
  else expect(status, JSON.stringify(body)).toBe(201);
  return status === 201;
}

async function judgedAlike(chosen: readonly (readonly [string, Edit])[]): Promise<boolean | undefined> {
  const draft = sound();
  for (const [, edit] of chosen) edit(draft);
  const pod = JSON.parse(JSON.stringify(podOf(draft)));
  const isAdmitted = await admitted(pod);
  if (isAdmitted === undefined) return undefined;
  const said: string[] = [];
  for (const rule of standard) {
    said.push(...(await violationsOf(rule, [{ type: "kubernetes:core/v1:Pod", props: pod }])));
  }
  expect(
    said.length === 0,
    `Kubernetes ${isAdmitted ? "takes" : "refuses"} it; rules: ${said.join("; ")}`,
  ).toBe(isAdmitted);
  return isAdmitted;
}

describe("the rules of the Pod Security Standards, and the API server that enforces `restricted`", () => {
  it("agree on a sound pod", async () => {
    expect(await judgedAlike([])).toBe(true);
  });

  it.each(edits)("agree on %s", async (...edit) => {
    expect(await judgedAlike([edit])).toBeDefined();
  });

  it("agree on whatever is put together", async () => {
    const verdicts: (boolean | undefined)[] = [];
    await fc.assert(
      fc.asyncProperty(fc.subarray([...edits], { minLength: 2, maxLength: 4 }), async (chosen) => {
        verdicts.push(await judgedAlike(chosen));
      }),
      { numRuns: 200, seed: 5 },
    );
    // Most of them were pods, and some were taken.
    expect(verdicts.filter((verdict) => verdict !== undefined).length).toBeGreaterThan(100);
    expect(verdicts).toContain(true);
  });
});
