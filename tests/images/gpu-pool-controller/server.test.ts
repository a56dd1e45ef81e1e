import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createApi, type ServerParts } from "../../../images/gpu-pool-controller/src/server.ts";

const servers: ReturnType<typeof createApi>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function ask(path: string, parts: Partial<ServerParts> = {}, method = "GET") {
  const server = createApi({
    metrics: () => "metrics 1\n",
    illness: () => undefined,
    members: async () => [{ name: "gpu-1", privateAddress: "10.16.0.4" }],
    ...parts,
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { connection: "close" } });
  return { status: answer.status, body: await answer.text() };
}

it("tells its metrics and its health", async () => {
  expect(await ask("/metrics")).toEqual({ status: 200, body: "metrics 1\n" });
  expect(await ask("/healthz")).toEqual({ status: 200, body: "well\n" });
  expect(await ask("/healthz", { illness: () => "stuck" })).toEqual({ status: 503, body: "stuck\n" });
});

it("tells Prometheus where the members' metrics are", async () => {
  const { status, body } = await ask("/targets?port=9100");
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual([{ targets: ["10.16.0.4:9100"], labels: { droplet: "gpu-1" } }]);
  expect(await ask("/targets")).toMatchObject({ status: 400 });
  const fails = { members: () => Promise.reject(new Error("no API")) };
  expect(await ask("/targets?port=9100", fails)).toMatchObject({ status: 503 });
});

it("has nothing else, and takes nothing", async () => {
  expect(await ask("/constructor")).toMatchObject({ status: 404 });
  expect(await ask("/metrics", {}, "POST")).toMatchObject({ status: 404 });
});
