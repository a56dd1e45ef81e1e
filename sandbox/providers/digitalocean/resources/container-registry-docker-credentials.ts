import { boolean, type Fields, integer, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import type { PlainMap } from "../dsl/wire.ts";

/** Fifty years: for ever, as far as the API goes. */
const LONGEST_EXPIRY_SECONDS = 1_576_800_000;

const inputs: Fields = {
  expirySeconds: integer({
    default: LONGEST_EXPIRY_SECONDS,
    min: 0,
    max: LONGEST_EXPIRY_SECONDS,
    wire: null,
  }),
  registryName: string({ required: true, replaces: true, minLength: 1 }),
  write: boolean({ default: false, wire: null }),
};

async function issue(registryName: string, news: PlainMap, { api, signal }: Operation): Promise<PlainMap> {
  const expirySeconds = Number(news.expirySeconds);
  const query = new URLSearchParams({
    read_write: String(news.write),
    expiry_seconds: String(expirySeconds),
  });
  const credentials = await api.get(`/v2/registry/docker-credentials?${query}`, signal);
  return {
    registry_name: registryName,
    docker_credentials: JSON.stringify(credentials),
    credential_expiration_time: new Date(Date.now() + expirySeconds * 1000)
      .toISOString()
      .replace(/\.\d+Z$/, "Z"),
  };
}

/** What the state has of them, as long as they hold: the API does not tell credentials a second time. */
function kept(known: PlainMap): PlainMap | undefined {
  const expiry = Date.parse(String(known.credentialExpirationTime));
  if (known.dockerCredentials === undefined || !(expiry > Date.now())) return undefined;
  return {
    registry_name: known.registryName ?? "",
    docker_credentials: known.dockerCredentials,
    credential_expiration_time: known.credentialExpirationTime ?? "",
  };
}

const operations: Operations = {
  async create(news, operation) {
    const id = String(news.registryName);
    return { id, document: await issue(id, news, operation) };
  },
  read: async (id, known, operation) => kept(known) ?? issue(id, known, operation),
  update: (id, news, _known, operation) => issue(id, news, operation),
  // Nobody can take credentials back before they expire.
  delete: async () => undefined,
};

/** Credentials with which Docker and Kubernetes reach the account's registry. */
export const containerRegistryDockerCredentials: ResourceDefinition = {
  token: resourceToken("ContainerRegistryDockerCredentials"),
  noun: "registry credentials",
  inputs,
  outputs: { credentialExpirationTime: string(), dockerCredentials: string({ secret: true }) },
  operations,
};
