import { type Fields, list, name, object, string } from "../dsl/fields.ts";
import { type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { isYounger, rest } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";

const inputs: Fields = {
  grants: list(
    object({
      // Empty for every bucket, with full access only.
      bucket: string({ required: true }),
      permission: string({ required: true, oneOf: ["read", "readwrite", "fullaccess"] }),
    }),
  ),
  name: name(),
};

const collection = rest({
  inputs,
  path: "/v2/spaces/keys",
  one: "key",
  many: "keys",
  id: (document) => String(document.access_key),
  body,
  change: { method: "PUT", body },
  // The API tells the secret key once, when it makes the key.
  document: (found, known) => {
    const secret = found.secret_key ?? known.secretKey;
    return secret === undefined ? found : { ...found, secret_key: secret };
  },
});

function body(news: PlainMap): PlainMap {
  return { grants: [], ...toWire(inputs, news) };
}

const operations: Operations = {
  ...collection,
  async create(news, operation) {
    // A key whose answer was lost is of no use: nobody knows its secret. It goes, and another takes its place.
    const { api } = operation;
    const startedAt = Date.now();
    const discard = async (signal: AbortSignal) => {
      const keys = await api.list("/v2/spaces/keys", "keys", signal);
      const lost = keys.filter((key) => key.name === news.name && isYounger(key, startedAt));
      for (const key of lost) await api.delete(`/v2/spaces/keys/${String(key.access_key)}`, signal);
      return undefined;
    };
    const { key } = await api.create("/v2/spaces/keys", body(news), discard, operation.signal);
    const document = isPlainMap(key) ? key : {};
    return { id: String(document.access_key), document };
  },
};

/** An access key for Spaces, limited to what it grants. */
export const spacesKey: ResourceDefinition = {
  token: resourceToken("SpacesKey"),
  noun: "a Spaces key",
  inputs,
  outputs: { accessKey: string(), createdAt: string(), secretKey: string({ secret: true }) },
  operations,
};
