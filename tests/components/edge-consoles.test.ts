import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  nginxConfiguration,
  releaseConfiguration,
  releaseFile,
  sitePort,
  statusPort,
} from "../../components/edge/nginx.ts";

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const nginxIsHere = spawnSync("nginx", ["-v"], { env }).error === undefined;
if (!nginxIsHere) {
  process.stderr.write(
    "NOT RUN: nginx is not installed, so nobody tries who reaches the operators' consoles\n",
  );
}

const folder = mkdtempSync(join(tmpdir(), "consoles-"));
const seen: string[] = [];
let console_: Server;
let port: number;
let stop: () => Promise<void> = async () => undefined;

const listening = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

/** Ports that nobody listened on a moment ago. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const [one = 0, other = 0] = await Promise.all(servers.map(listening));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [one, other];
}

/** Asks nginx as the load balancer does, which names the client first. */
function ask(client: string, host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.write(
      `PROXY TCP4 ${client} 10.16.0.9 50000 443\r\nGET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
  });
}

const operator = "203.0.113.7";
const stranger = "198.51.100.7";
const ops = "ops.example.com";

beforeAll(async () => {
  if (!nginxIsHere) return;
  console_ = createServer((request, response) => {
    seen.push(`${request.headers.host} ${request.url}`);
    response.setHeader("content-security-policy", "its own").end("a console");
  });
  const backend = { host: "127.0.0.1", port: await listening(console_) };
  const [site, status] = await freePorts();
  port = site;
  const text = nginxConfiguration({
    siteDomain: "example.com",
    apiDomain: "api.example.com",
    web: backend,
    api: { stable: backend, candidate: backend },
    consoles: { domain: ops, backends: { grafana: backend }, resolver: "127.0.0.1" },
    adminCidrs: ["203.0.113.0/24"],
    trustedProxyCidrs: ["127.0.0.0/8"],
    mediaOrigins: [],
    uploadLimitMib: 1,
    apiRequestsPerSecond: 100,
    connectionsPerAddress: 100,
    webSocketIdleSeconds: 60,
  })
    .replaceAll(`listen ${sitePort}`, `listen 127.0.0.1:${site}`)
    .replaceAll(`listen ${statusPort}`, `listen 127.0.0.1:${status}`)
    .replaceAll("/tmp/", `${folder}/`)
    .replace("/dev/stdout", join(folder, "access.log"));
  mkdirSync(join(folder, "release"));
  writeFileSync(join(folder, releaseFile), releaseConfiguration(0));
  writeFileSync(join(folder, "nginx.conf"), text);
  const log = openSync(join(folder, "log"), "a");
  const child = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-g", "daemon off;"], {
    env,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  for (;;) {
    if (child.exitCode !== null) throw new Error(readFileSync(join(folder, "log"), "utf8"));
    if (await ask(operator, ops, "/grafana/").catch(() => "")) return;
    await sleep(20);
  }
});

afterAll(async () => {
  await stop();
  await new Promise((resolve) => (console_ === undefined ? resolve(undefined) : console_.close(resolve)));
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!nginxIsHere)("The operators' consoles", () => {
  it("answer those who come from where operators do, below their names, which they do not see", async () => {
    const answer = await ask(operator, ops, "/grafana/d/edge?orgId=1");
    expect(answer).toContain("200 OK");
    expect(answer).toContain("a console");
    expect(seen.at(-1)).toBe(`${ops} /d/edge?orgId=1`);
  });

  it("keep their own policy of contents, beside the edge's other headers", async () => {
    const answer = await ask(operator, ops, "/grafana/");
    expect(answer.match(/content-security-policy: .*/gi)).toEqual(["content-security-policy: its own"]);
    expect(answer).toContain("Strict-Transport-Security");
  });

  it("are not there for anybody else, nor under the other names", async () => {
    const before = seen.length;
    for (const path of ["/grafana/", "/grafana/login", "/"]) {
      expect(await ask(stranger, ops, path)).toMatch(/^HTTP\/1\.1 404/);
    }
    expect(seen).toHaveLength(before);
    await ask(stranger, "api.example.com", "/grafana/");
    expect(seen.at(-1)).toBe("api.example.com /grafana/");
  });

  it("show their metrics to nobody, and lead who forgets the slash to where they are", async () => {
    const before = seen.length;
    expect(await ask(operator, ops, "/grafana/metrics")).toMatch(/^HTTP\/1\.1 404/);
    expect(await ask(operator, ops, "/grafana")).toContain("Location: /grafana/");
    expect(await ask(operator, ops, "/kibana/")).toMatch(/^HTTP\/1\.1 404/);
    expect(seen).toHaveLength(before);
  });
});
