/** The few routes of DigitalOcean's API that a cluster's controllers call, held in memory. */
import { randomUUID } from "node:crypto";
import Fastify from "fastify";

export interface FakeBalancer {
  id: string;
  name: string;
  status: "new" | "active";
  ip: string;
  type: string;
  droplet_ids: number[];
  forwarding_rules: object[];
}

export interface FakeVolume {
  id: string;
  name: string;
  size_gigabytes: number;
  droplet_ids: number[];
}

export interface FakeCloud {
  apiUrl: string;
  token: string;
  balancers: Map<string, FakeBalancer>;
  volumes: Map<string, FakeVolume>;
  /** Every call, as `POST /v2/volumes`. */
  calls: string[];
  /** Decides for each call whether it fails with 500. */
  shouldFail: (call: string) => boolean;
  close(): Promise<void>;
}

type Item = { Params: { id: string } };

export async function startFakeCloud(): Promise<FakeCloud> {
  const app = Fastify({ forceCloseConnections: true });
  const balancers = new Map<string, FakeBalancer>();
  const volumes = new Map<string, FakeVolume>();
  const cloud: FakeCloud = {
    apiUrl: "",
    token: "test-token",
    balancers,
    volumes,
    calls: [],
    shouldFail: () => false,
    close: () => app.close(),
  };
  app.addHook("onRequest", async (request, reply) => {
    const call = `${request.method} ${request.url.split("?")[0]}`;
    cloud.calls.push(call);
    if (cloud.shouldFail(call)) {
      await reply.code(500).send({ id: "server_error", message: "Server Error", request_id: "r-1" });
    } else if (request.headers.authorization !== `Bearer ${cloud.token}`) {
      await reply.code(401).send({ id: "unauthorized", message: "Unable to authenticate you" });
    }
  });
  const notFound = { id: "not_found", message: "The resource you requested could not be found." };

  app.get("/v2/load_balancers", async () => ({ load_balancers: [...balancers.values()] }));
  app.post<{ Body: FakeBalancer }>("/v2/load_balancers", async (request, reply) => {
    const balancer: FakeBalancer = {
      ...request.body,
      id: randomUUID(),
      status: "new",
      ip: "",
    };
    balancers.set(balancer.id, balancer);
    return reply.code(202).send({ load_balancer: balancer });
  });
  app.get<Item>("/v2/load_balancers/:id", async ({ params }, reply) => {
    const balancer = balancers.get(params.id);
    if (balancer === undefined) return reply.code(404).send(notFound);
    // It has become active by the time it is looked at.
    Object.assign(balancer, { status: "active", ip: "203.0.113.7" });
    return { load_balancer: balancer };
  });
  app.put<Item & { Body: FakeBalancer }>("/v2/load_balancers/:id", async ({ params, body }, reply) => {
    const balancer = balancers.get(params.id);
    if (balancer === undefined) return reply.code(404).send(notFound);
    Object.assign(balancer, body);
    return { load_balancer: balancer };
  });
  app.delete<Item>("/v2/load_balancers/:id", async ({ params }, reply) =>
    balancers.delete(params.id) ? reply.code(204).send() : reply.code(404).send(notFound),
  );
  app.get("/v2/certificates", async () => ({ certificates: [{ id: "certificate-1", name: "edge" }] }));

  app.get<{ Querystring: { name?: string } }>("/v2/volumes", async ({ query }) => ({
    volumes: [...volumes.values()].filter(({ name }) => query.name === undefined || name === query.name),
  }));
  app.post<{ Body: FakeVolume }>("/v2/volumes", async ({ body }, reply) => {
    const volume: FakeVolume = { ...body, id: randomUUID(), droplet_ids: [] };
    volumes.set(volume.id, volume);
    return reply.code(201).send({ volume });
  });
  app.get<Item>("/v2/volumes/:id", async ({ params }, reply) => {
    const volume = volumes.get(params.id);
    return volume === undefined ? reply.code(404).send(notFound) : { volume };
  });
  app.delete<Item>("/v2/volumes/:id", async ({ params }, reply) => {
    const volume = volumes.get(params.id);
    if (volume === undefined) return reply.code(404).send(notFound);
    if (volume.droplet_ids.length > 0) {
      return reply.code(409).send({ id: "conflict", message: "Volume must be detached first." });
    }
    volumes.delete(params.id);
    return reply.code(204).send();
  });
  interface Action {
    type: "attach" | "detach" | "resize";
    droplet_id: number;
    size_gigabytes: number;
  }
  app.post<Item & { Body: Action }>("/v2/volumes/:id/actions", async ({ params, body }, reply) => {
    const volume = volumes.get(params.id);
    if (volume === undefined) return reply.code(404).send(notFound);
    const changes: Record<Action["type"], Partial<FakeVolume>> = {
      attach: { droplet_ids: [body.droplet_id] },
      detach: { droplet_ids: [] },
      resize: { size_gigabytes: body.size_gigabytes },
    };
    Object.assign(volume, changes[body.type]);
    return reply.code(202).send({ action: { id: 1, status: "completed", type: body.type } });
  });

  cloud.apiUrl = await app.listen({ host: "127.0.0.1", port: 0 });
  return cloud;
}
