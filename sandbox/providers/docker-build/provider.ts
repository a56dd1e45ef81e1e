import { diffProperties, toDiffResult } from "../kit/diff.ts";
import { type CheckFailure, ProviderError } from "../kit/errors.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  InvokeRequest,
  InvokeResult,
  Provider,
  ProviderSession,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../kit/provider.ts";
import { servedType, unconfiguredProvider } from "../kit/unconfigured.ts";
import { type PropertyMap, UNKNOWN, withoutSecrets } from "../kit/values.ts";
import { image } from "./image-type.ts";
import { index } from "./index-type.ts";
import { RegistryClient, type RegistryPlace } from "./registry-client.ts";
import type { DockerBuildType, Registry } from "./type.ts";

/** The version of the vendor's plugin in whose place it is. */
const version = "0.0.22";

const types: ReadonlyMap<string, DockerBuildType> = new Map([image, index].map((type) => [type.token, type]));

/**
 * The stand-in for pulumi-docker-build, which works with the sandbox's registry. Nothing is built: there is no Docker. An
 * `Image` pushes empty images that bear the hash of their source, an `Index` tags what is in the registry.
 */
export function createDockerBuildProvider(place: RegistryPlace): Provider {
  const session = new DockerBuildSession({ place, client: new RegistryClient(place) });
  return unconfiguredProvider("docker-build", version, session);
}

class DockerBuildSession implements ProviderSession {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  async check({ type, inputs }: CheckRequest): Promise<CheckResult> {
    const served = typeOf(type);
    const complete = { ...inputs, ...served.fillIn(plain(inputs)) };
    const unknown: CheckFailure[] = Object.keys(inputs)
      .filter((name) => !served.inputs.includes(name))
      .map((name) => ({ path: [name], reason: `${served.token} has no such property` }));
    const missing: CheckFailure[] = served.required
      .filter((name) => inputs[name] === undefined)
      .map((name) => ({ path: [name], reason: `${served.token} needs it` }));
    const failures = [...unknown, ...missing, ...served.check(plain(complete), this.#registry)];
    return { inputs: complete, failures };
  }

  async diff({ type, oldInputs, oldOutputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const served = typeOf(type);
    const planned = served.plan(plain(newInputs));
    const { contextHash } = planned;
    const source = (hash: PropertyMap[string] | undefined) =>
      hash === undefined ? {} : { contextHash: hash };
    const changes = diffProperties(
      { ...oldInputs, ...source(oldOutputs.contextHash) },
      { ...newInputs, ...source(contextHash) },
    );
    return toDiffResult(changes, { replaces: ([name]) => served.replaces.includes(String(name)) });
  }

  async create({ type, name, inputs, preview }: CreateRequest): Promise<CreateResult> {
    const served = typeOf(type);
    if (preview) {
      const unknown = Object.fromEntries(served.outputs.map((output) => [output, UNKNOWN]));
      return { id: "", outputs: { ...inputs, ...unknown } };
    }
    const { id, outputs } = await served.apply(name, plain(inputs), this.#registry);
    return { id, outputs: { ...inputs, ...outputs } };
  }

  async read({ type, id, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
    if (outputs === undefined || inputs === undefined) {
      throw new ProviderError(`${type} cannot be imported: its source cannot be told from its id`);
    }
    const now = await typeOf(type).read(plain(outputs), this.#registry);
    return now && { id, inputs, outputs: { ...outputs, ...now } };
  }

  async update({ type, name, newInputs, preview }: UpdateRequest): Promise<PropertyMap> {
    const served = typeOf(type);
    if (preview) return { ...newInputs, ...served.plan(plain(newInputs)) };
    return { ...newInputs, ...(await served.apply(name, plain(newInputs), this.#registry)).outputs };
  }

  delete({ type, outputs }: DeleteRequest): Promise<void> {
    return typeOf(type).delete(plain(outputs), this.#registry);
  }

  async invoke({ token }: InvokeRequest): Promise<InvokeResult> {
    throw new ProviderError(`the docker-build provider has no function ${token}`);
  }
}

const typeOf = (token: string): DockerBuildType => servedType("docker-build", types, token);

const plain = (properties: PropertyMap): PropertyMap => withoutSecrets(properties) as PropertyMap;
