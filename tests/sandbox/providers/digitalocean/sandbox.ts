import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloud } from "../../../../sandbox/cloud/cloud.ts";
import { FaultPlan } from "../../../../sandbox/faults/plan.ts";
import { createDigitalOceanProvider } from "../../../../sandbox/providers/digitalocean/provider.ts";
import {
  type CallContext,
  type CheckResult,
  type PropertyMap,
  type Provider,
  type ProviderSession,
  reveal,
} from "../../../../sandbox/providers/kit/index.ts";
import { createRegistryRuntime } from "../../../../sandbox/registry/runtime.ts";
import { createSpaces } from "../../../../sandbox/spaces/spaces.ts";
import { openStore } from "../../../../sandbox/store/store.ts";
import { absentStores, idleKubernetes } from "../../cloud/support/stand-ins.ts";

/** A resource that a test has made. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/** An emulated cloud with Spaces on free ports, and the stand-in's session that works with it. */
export interface ProviderSandbox {
  readonly endpoint: string;
  readonly provider: Provider;
  readonly session: ProviderSession;
  /** What goes wrong in the API; nothing at first. */
  readonly faults: FaultPlan;
  check(type: string, name: string, inputs: PropertyMap, oldInputs?: PropertyMap): Promise<CheckResult>;
  /** Checks and makes a resource. Throws what the check refuses. */
  make(type: string, name: string, inputs: PropertyMap): Promise<Made>;
  /** The resource as it is now; undefined when it is gone. */
  read(made: Made): Promise<Made | undefined>;
  /** The paths that differ from what the program would say now, with a mark for what replaces. */
  diff(made: Made, inputs: PropertyMap): Promise<string[]>;
  /** Checks new inputs and changes the resource. */
  update(made: Made, inputs: PropertyMap): Promise<Made>;
  delete(made: Made): Promise<void>;
  /** What the API answers. */
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
}

const token = "token-of-the-tests";
const owner = { accessKey: "DO00OWNER", secretKey: "the owner's secret" };

/** A call that nobody cancels or watches. */
export const quietCall: CallContext = {
  urn: "",
  signal: new AbortController().signal,
  progress: () => undefined,
  warn: () => undefined,
};

/** The full token of a type of the package. */
export const token$ = (name: string): string =>
  `digitalocean:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

/** Starts a cloud whose things are active after 30 ms. */
export async function startProviderSandbox(): Promise<ProviderSandbox> {
  const directory = mkdtempSync(join(tmpdir(), "digitalocean-"));
  const store = openStore(join(directory, "data"));
  const faults = new FaultPlan();
  const spaces = createSpaces({ store, directory: join(directory, "spaces"), owner });
  const spacesPort = await spaces.listen(0);
  const cloud = await createCloud({
    store,
    token,
    kubernetes: idleKubernetes(),
    stores: absentStores(),
    spaces: spaces.admin,
    registries: createRegistryRuntime({
      store,
      directory: join(directory, "registry"),
      accountToken: token,
      address: () => "127.0.0.1:5000",
    }),
    latencyMs: 30,
    faults,
  });
  await cloud.listen({ port: 0, host: "127.0.0.1" });
  const endpoint = `http://127.0.0.1:${(cloud.server.address() as AddressInfo).port}`;
  const provider = createDigitalOceanProvider({
    endpoint,
    token,
    spacesEndpoint: `http://127.0.0.1:${spacesPort}`,
    spacesAccessKeyId: owner.accessKey,
    spacesSecretAccessKey: owner.secretKey,
  });
  const session = await provider.configure({}, quietCall);

  const identity = (type: string, name: string) => ({
    urn: `urn:pulumi:dev::test::${type}::${name}`,
    type,
    name,
  });
  const check: ProviderSandbox["check"] = (type, name, inputs, oldInputs) =>
    session.check(
      { ...identity(type, name), inputs, oldInputs, randomSeed: randomBytes(16), autonaming: undefined },
      quietCall,
    );
  const checked = async (type: string, name: string, inputs: PropertyMap, oldInputs?: PropertyMap) => {
    const result = await check(type, name, inputs, oldInputs);
    if (result.failures.length > 0) throw new Error(JSON.stringify(result.failures));
    return result.inputs;
  };
  const request = (made: Made, newInputs: PropertyMap) => ({
    ...identity(made.type, made.name),
    id: made.id,
    oldInputs: made.inputs,
    oldOutputs: made.outputs,
    newInputs,
    ignoreChanges: [],
  });

  return {
    endpoint,
    provider,
    session,
    faults,
    check,
    async make(type, name, inputs) {
      const complete = await checked(type, name, inputs);
      const made = await session.create(
        { ...identity(type, name), inputs: complete, preview: false, timeoutSeconds: 60 },
        quietCall,
      );
      return { type, name, inputs: complete, ...made };
    },
    async read(made) {
      const { type, name, id, inputs, outputs } = made;
      const now = await session.read({ ...identity(type, name), id, inputs, outputs }, quietCall);
      return now && { type, name, ...now };
    },
    async diff(made, inputs) {
      const news = await checked(made.type, made.name, inputs, made.inputs);
      const { properties } = await session.diff(request(made, news), quietCall);
      return properties.map(({ path, replace }) => `${path.join(".")}${replace ? " (replaces)" : ""}`);
    },
    async update(made, inputs) {
      const news = await checked(made.type, made.name, inputs, made.inputs);
      const outputs = await session.update(
        { ...request(made, news), preview: false, timeoutSeconds: 60 },
        quietCall,
      );
      return { ...made, inputs: news, outputs };
    },
    delete: ({ type, name, id, inputs, outputs }) =>
      session.delete({ ...identity(type, name), id, inputs, outputs, timeoutSeconds: 60 }, quietCall),
    async get(path) {
      const response = await fetch(`${endpoint}${path}`, { headers: { authorization: `Bearer ${token}` } });
      const text = await response.text();
      return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
    },
    async close() {
      await session.close?.();
      await cloud.close();
      await spaces.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Outputs without wrappers, for comparisons. */
export const revealed = (outputs: PropertyMap): Record<string, unknown> =>
  Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, reveal(value)]));
