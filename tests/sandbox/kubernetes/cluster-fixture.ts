/** A runtime in a folder of its own, with a client for what it runs. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import type { CloudEndpoint } from "../../../sandbox/kubernetes/api/cloud-api.ts";
import { createKubernetesRuntime } from "../../../sandbox/kubernetes/index.ts";
import type { ClusterSpec, KubernetesRuntime } from "../../../sandbox/kubernetes/runtime.ts";
import { ensureKubernetes, kubernetesVersion } from "../../../toolchain/kubernetes.ts";
import { ensureNeo4j } from "../../../toolchain/neo4j.ts";

export interface RuntimeFixture {
  directory: string;
  runtime: KubernetesRuntime;
  /** Another runtime on the same folder, as after a restart of the daemon. */
  again(): KubernetesRuntime;
  remove(): Promise<void>;
}

export async function runtimeFixture(cloud: CloudEndpoint): Promise<RuntimeFixture> {
  const directory = await mkdtemp(path.join(tmpdir(), "whisper-kubernetes-"));
  const version = await kubernetesVersion();
  const again = () =>
    createKubernetesRuntime({
      directory,
      volumes: path.join(directory, "volumes"),
      programs: () => ensureKubernetes(),
      version,
      cloud: () => cloud,
      neo4j: () => ensureNeo4j(),
    });
  return {
    directory,
    runtime: again(),
    again,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

export function clusterSpec(runtime: KubernetesRuntime, name: string): ClusterSpec {
  return {
    id: randomUUID(),
    name,
    region: "fra1",
    version: runtime.versions[0]?.slug ?? "",
    vpcUuid: "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
    clusterSubnet: "10.244.0.0/16",
    serviceSubnet: "10.245.0.0/16",
    ha: false,
  };
}

/** Calls the API server as the holder of a token, checking its certificate. */
export class TestClient {
  private readonly server: string;
  private readonly token: string;
  private readonly dispatcher: Agent;

  constructor(credentials: { server: string; token: string; certificateAuthorityData: string }) {
    this.server = credentials.server;
    this.token = credentials.token;
    const ca = Buffer.from(credentials.certificateAuthorityData, "base64").toString();
    this.dispatcher = new Agent({ connect: { ca } });
  }

  async call(
    method: "GET" | "POST" | "DELETE" | "PATCH",
    path: string,
    body?: object,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails where it is not there
  ): Promise<{ status: number; body: any }> {
    const answer = await request(`${this.server}${path}`, {
      method,
      dispatcher: this.dispatcher,
      headers: {
        authorization: `Bearer ${this.token}`,
        "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  }

  close(): Promise<void> {
    return this.dispatcher.destroy();
  }
}

/** Waits until `probe` gives something, and gives it. Fails with `what` shortly before the test would be given up. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = Date.now() + 100_000;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within 100 s: ${what}`);
    await delay(50);
  }
}
