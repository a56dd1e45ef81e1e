import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodesCheck } from "../../platform/health/checks/kubernetes.ts";
import { watchingCheck } from "../../platform/health/checks/monitoring.ts";
import type { ClusterApi } from "../../platform/health/cluster.ts";
import { ownCluster } from "../../platform/health/inside/own-cluster.ts";
import { lastScheduledRound } from "../../platform/health/scheduled.ts";
import { selfSigned } from "../sandbox/cloud/support/certificates.ts";

const never = new AbortController().signal;
const monitor = { namespace: "space", name: "whisper-staging-health-monitor" };

const report = {
  schema: 1,
  environment: "staging",
  target: "digitalocean",
  verdict: "critical",
  checkedAt: "2026-11-22T10:00:02.000Z",
  tookMs: 900,
  counts: { critical: 1, warning: 0, unchecked: 0, healthy: 0 },
  checks: [
    {
      ...{ subject: "storage", name: "media", asked: "bytes", verdict: "critical", answer: "AccessDenied" },
      ...{ remedy: "look at the key", tookMs: 12 },
    },
  ],
};

const job = (name: string, minute: number, ...conditions: string[]) => ({
  metadata: { name, creationTimestamp: `2026-11-22T10:0${minute}:00Z` },
  status: {
    conditions: conditions.map((type) => ({ type, status: "True", message: "Job was active too long" })),
  },
});
const pod = (name: string, minute: number) => ({
  metadata: { name, creationTimestamp: `2026-11-22T10:0${minute}:00Z` },
});

/** A cluster that knows these jobs and pods, and what the pods have said. */
const clusterOf = (
  jobs: readonly unknown[],
  pods: Readonly<Record<string, readonly ReturnType<typeof pod>[]>> = {},
  logs: Readonly<Record<string, unknown>> = {},
): ClusterApi => ({
  read: async (path, schema) => {
    const [, ofPod] = /\/pods\/([^/]+)\/log$/.exec(path) ?? [];
    if (ofPod !== undefined) {
      if (!(ofPod in logs)) throw new Error("status 400: ImagePullBackOff");
      return schema.parse(logs[ofPod]);
    }
    if (path.includes("/jobs?")) return schema.parse({ items: jobs });
    const [, name = ""] = /job-name%3D(.+)$/.exec(path) ?? [];
    return schema.parse({ items: pods[name] ?? [] });
  },
});

describe("what the job in the cluster has found", () => {
  it("is what the last pod of the last job that came to its end has printed", async () => {
    const cluster = clusterOf(
      [job("one", 0, "Complete"), job("two", 5, "Failed"), job("three", 8)],
      { one: [pod("a", 0)], two: [pod("b", 5), pod("c", 6)] },
      { a: "of before", b: "of the first try", c: report },
    );
    expect(await lastScheduledRound(cluster, monitor, never)).toEqual(report);
  });

  it.each([
    ["nothing has come to its end", clusterOf([job("one", 0)]), /not come to an end yet/],
    ["no pod is left", clusterOf([job("one", 0, "Failed")]), /ended as Failed.*active too long.*kubectl/s],
    [
      "it printed something else, or could not begin",
      clusterOf([job("one", 0, "Failed")], { one: [pod("a", 0)] }),
      /the log of a holds no report.*kubectl -n space describe/s,
    ],
  ])("is told as not known when %s", async (_, cluster, message) => {
    await expect(lastScheduledRound(cluster, monitor, never)).rejects.toMatchObject({
      name: "PlatformError",
      message: expect.stringMatching(message),
    });
  });
});

it("speaks to its own cluster as the pod's account, whose token it reads each time, and to nobody else's", async () => {
  const [ours, others] = await Promise.all([1, 2].map(() => selfSigned("localhost", 10, Date.now())));
  const seen: (string | undefined)[] = [];
  const server = createTlsServer({ cert: ours?.certificate, key: ours?.key }, (request, response) => {
    seen.push(request.headers.authorization);
    response.end(JSON.stringify({ items: [] }));
  }).listen(0, "localhost");
  await new Promise((resolve) => server.once("listening", resolve));
  const folder = mkdtempSync(join(tmpdir(), "account-"));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  try {
    const { port } = server.address() as AddressInfo;
    const environment = { KUBERNETES_SERVICE_HOST: "localhost", KUBERNETES_SERVICE_PORT: String(port) };
    write("ca.crt", ours?.certificate ?? "");
    write("token", "first\n");
    const check = nodesCheck(ownCluster(environment, folder));
    expect(await check.ask(never)).toMatchObject({ verdict: "critical", answer: "0 of 0 are ready" });
    write("token", "second");
    await check.ask(never);
    expect(seen).toEqual(["Bearer first", "Bearer second"]);

    write("ca.crt", others?.certificate ?? "");
    await expect(check.ask(never)).rejects.toThrow();
    expect(seen).toHaveLength(2);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("Prometheus, asked from within", () => {
  const answering = async (alerts: readonly object[], status = 200) => {
    const server = createServer((_, response) =>
      response.writeHead(status).end(JSON.stringify({ data: { alerts } })),
    ).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return await watchingCheck("prometheus", `http://127.0.0.1:${port}`).ask(never);
    } finally {
      server.close();
    }
  };
  const alert = (alertname: string, severity: string) => ({
    state: "firing",
    labels: { alertname, severity },
  });

  it("is well while it raises alerts, whichever they are: else its own alert would keep itself alive", async () => {
    const answer = await answering([alert("Watchdog", "info"), alert("HealthCheckFails", "critical")]);
    expect(answer).toMatchObject({ verdict: "healthy", answer: "raises alerts" });
  });

  it("is critical when it raises none, or answers with an error", async () => {
    expect(await answering([alert("ServiceDown", "critical")])).toMatchObject({ verdict: "critical" });
    expect(await answering([], 503)).toMatchObject({ verdict: "critical", answer: "status 503" });
  });
});

it("runs in its image on the packages of the repository, to the version", () => {
  const read = (path: string) =>
    JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
  const own = read("images/health-monitor/package.json").dependencies;
  const ours = read("package.json").dependencies;
  expect(Object.keys(own)).toContain("pg");
  for (const [name, version] of Object.entries(own)) expect(ours[name], name).toBe(version);
});
