import type { FastifyInstance } from "fastify";
import { ensureKubernetes, kubernetesVersion } from "../../toolchain/kubernetes.ts";
import { ensureNeo4j } from "../../toolchain/neo4j.ts";
import { createCloud } from "../cloud/cloud.ts";
import { registryRules } from "../cloud/families/registries/settling.ts";
import { FaultPlan } from "../faults/plan.ts";
import { makePrivate, type PlatformHome } from "../home.ts";
import { createKubernetesRuntime } from "../kubernetes/index.ts";
import {
  createDigitalOceanProvider,
  createDockerBuildProvider,
  createKubernetesProvider,
  createRandomProvider,
  createTlsProvider,
} from "../providers/index.ts";
import { type Provider, type ServedProvider, serveProvider } from "../providers/kit/index.ts";
import { Recording } from "../recording/recording.ts";
import { createRegistryRuntime } from "../registry/runtime.ts";
import { createRegistryServer } from "../registry/server.ts";
import { createSpaces } from "../spaces/spaces.ts";
import { openStore } from "../store/store.ts";
import {
  absentEngines,
  createStoresRuntime,
  findPgbouncer,
  findPostgres,
  findValkey,
} from "../stores/index.ts";
import { createAdmin } from "./admin.ts";
import { type DaemonOptions, defaultLatencyMs } from "./messages.ts";
import { thisProcess } from "./process.ts";
import {
  newCredentials,
  type RunningRecord,
  readRecord,
  type SandboxRecord,
  type Service,
  writeRecord,
} from "./record.ts";
import { listenAll, type Server } from "./servers.ts";

/** A sandbox that serves. */
export interface Daemon {
  readonly record: RunningRecord;
  /** Stops serving, ends the control planes, and keeps what the cloud holds. */
  close(): Promise<void>;
}

/** What a daemon is made from. */
export interface DaemonContext {
  readonly home: PlatformHome;
  readonly options: DaemonOptions;
  readonly onProgress: (line: string) => void;
  /** Told of failures that no client is told of. */
  readonly onError: (error: unknown) => void;
}

/** Composes the sandbox, lets it serve, and writes its record. The caller holds the lock of the home. */
export async function openDaemon({ home, options, onProgress, onError }: DaemonContext): Promise<Daemon> {
  for (const folder of [
    home.sandbox,
    home.spacesData,
    home.registryData,
    home.clusters,
    home.stores,
    home.volumes,
  ])
    makePrivate(folder);
  const previous = readRecord(home.sandboxRecord);
  const credentials = previous ?? newCredentials();
  const latencyMs = options.latencyMs ?? previous?.latencyMs ?? defaultLatencyMs;
  const ports: Partial<Record<Service, number>> = {};
  const url = (service: Service) => `http://127.0.0.1:${ports[service]}`;

  const store = openStore(home.storeData);
  const faults = new FaultPlan();
  const recording = new Recording();
  const spaces = createSpaces({
    store,
    directory: home.spacesData,
    owner: { accessKey: credentials.spacesAccessKeyId, secretKey: credentials.spacesSecretAccessKey },
    faults,
    recording,
    onError,
  });
  const kubernetes = createKubernetesRuntime({
    directory: home.clusters,
    volumes: home.volumes,
    programs: () => ensureKubernetes({ onProgress }),
    neo4j: () => ensureNeo4j({ onProgress }),
    version: await kubernetesVersion(),
    cloud: () => ({ apiUrl: url("api"), token: credentials.apiToken }),
  });
  const [postgres, pgbouncer, valkey] = await Promise.all([
    findPostgres({ onProgress }),
    findPgbouncer({ onProgress }),
    findValkey({ onProgress }),
  ]);
  const stores = createStoresRuntime({ directory: home.stores, postgres, pgbouncer, valkey });
  const registries = createRegistryRuntime({
    store,
    directory: home.registryData,
    accountToken: credentials.apiToken,
    address: () => `127.0.0.1:${ports.registry}`,
  });
  const registry = await createRegistryServer({
    runtime: registries,
    findRules: registryRules({
      store,
      registries,
      settled: (sinceMs) => Date.now() >= sinceMs + latencyMs,
    }),
    faults,
    recording,
    onError,
  });
  const cloud = await createCloud({
    store,
    token: credentials.apiToken,
    adminToken: credentials.adminToken,
    kubernetes,
    spaces: spaces.admin,
    stores,
    registries,
    latencyMs,
    faults,
    recording,
  });
  const served: ServedProvider[] = [];
  const admin = createAdmin({
    token: credentials.adminToken,
    callsInFlight: () => served.flatMap((provider) => provider.inFlight()),
    clusters: () => kubernetes.report(),
    stores: () => stores.report(),
    absentEngines: () => absentEngines(stores),
    expire: (until) => spaces.expire(until),
  });

  const servers: Server[] = [
    httpServer("api", cloud),
    { service: "spaces", listen: spaces.listen, close: spaces.close },
    httpServer("registry", registry),
    providerServer("digitalocean", served, onError, () =>
      createDigitalOceanProvider({
        endpoint: url("api"),
        token: credentials.apiToken,
        spacesEndpoint: url("spaces"),
        spacesAccessKeyId: credentials.spacesAccessKeyId,
        spacesSecretAccessKey: credentials.spacesSecretAccessKey,
      }),
    ),
    providerServer("kubernetes", served, onError, createKubernetesProvider),
    providerServer("random", served, onError, createRandomProvider),
    providerServer("tls", served, onError, createTlsProvider),
    providerServer("docker-build", served, onError, () =>
      createDockerBuildProvider({ url: () => url("registry"), token: credentials.apiToken }),
    ),
    httpServer("admin", admin),
  ];

  const closeParts = async () => {
    await Promise.all([kubernetes.close(), stores.close()]);
    await store.close();
  };
  const listening = await listenAll(
    servers.map((server) => remembering(server, ports)),
    { ...previous?.ports, ...apiPort(options) },
  ).catch(async (error) => {
    await closeParts();
    throw error;
  });
  const record = {
    ...newRecord(credentials, ports, latencyMs),
    daemon: { ...thisProcess(), startedAt: new Date().toISOString() },
  };
  writeRecord(home.sandboxRecord, record);
  return {
    record,
    close: async () => {
      // First of all: who comes from here on finds none that runs, waits for the lock, and starts one of its own.
      const { daemon: _daemon, ...rest } = record;
      writeRecord(home.sandboxRecord, rest);
      await listening.close();
      await closeParts();
    },
  };
}

const apiPort = ({ apiPort: port }: DaemonOptions) => (port === undefined ? {} : { api: port });

function newRecord(
  { apiToken, adminToken, spacesAccessKeyId, spacesSecretAccessKey }: ReturnType<typeof newCredentials>,
  ports: Readonly<Partial<Record<Service, number>>>,
  latencyMs: number,
): SandboxRecord {
  const kept = (service: Service): number => {
    const port = ports[service];
    if (port === undefined) throw new Error(`${service} does not listen`);
    return port;
  };
  return {
    schema: 1,
    ports: {
      api: kept("api"),
      spaces: kept("spaces"),
      registry: kept("registry"),
      digitalocean: kept("digitalocean"),
      kubernetes: kept("kubernetes"),
      random: kept("random"),
      tls: kept("tls"),
      "docker-build": kept("docker-build"),
      admin: kept("admin"),
    },
    apiToken,
    adminToken,
    spacesAccessKeyId,
    spacesSecretAccessKey,
    latencyMs,
  };
}

/** Notes the port as soon as it is known: the servers after it may need it. */
const remembering = (server: Server, ports: Partial<Record<Service, number>>): Server => ({
  ...server,
  listen: async (wanted) => {
    const port = await server.listen(wanted);
    ports[server.service] = port;
    return port;
  },
});

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no TCP address");
  return address.port;
}

function httpServer(service: Service, app: FastifyInstance): Server {
  return {
    service,
    listen: async (port) => {
      await app.listen({ host: "127.0.0.1", port });
      return portOf(app);
    },
    close: () => app.close(),
  };
}

function providerServer(
  service: Service,
  served: ServedProvider[],
  onError: (error: unknown) => void,
  create: () => Provider,
): Server {
  let serving: ServedProvider | undefined;
  return {
    service,
    listen: async (port) => {
      serving = await serveProvider(create(), { port, onError });
      served.push(serving);
      return serving.port;
    },
    close: async () => {
      await serving?.close();
    },
  };
}
