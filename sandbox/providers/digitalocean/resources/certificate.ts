import { type CheckFailure, type PropertyMap, unwrap } from "../../kit/index.ts";
import { ApiError } from "../api/errors.ts";
import { waitUntil } from "../api/wait.ts";
import { type Fields, name, set, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest, untilReady, whenStatus } from "../dsl/rest.ts";
import type { PlainMap } from "../dsl/wire.ts";
import { findCertificate } from "../support/certificates.ts";

const CUSTOM_PARTS = ["privateKey", "leafCertificate", "certificateChain"] as const;

const inputs: Fields = {
  certificateChain: string({ replaces: true, hashed: true }),
  domains: set(string(), { replaces: true, wire: "dns_names" }),
  leafCertificate: string({ replaces: true, hashed: true }),
  name: name({ replaces: true }),
  privateKey: string({ replaces: true, secret: true, hashed: true }),
  type: string({ replaces: true, default: "custom", oneOf: ["custom", "lets_encrypt"] }),
};

const document = (found: PlainMap): PlainMap => ({ ...found, uuid: found.id ?? "" });

const collection = rest({
  inputs,
  path: "/v2/certificates",
  one: "certificate",
  many: "certificates",
  id: (found) => String(found.name),
  document,
  body: (news) =>
    news.type === "custom"
      ? pickWire(inputs, news, ["name", "type", ...CUSTOM_PARTS])
      : pickWire(inputs, news, ["name", "type", "domains"]),
});

async function read(id: string, operation: Operation): Promise<PlainMap | undefined> {
  const found = await findCertificate(id, operation);
  return found && document(found);
}

const operations: Operations = {
  create: collection.create,
  read: (id, _known, operation) => read(id, operation),
  settle: ({ id }, _news, operation) =>
    untilReady(
      `certificate ${id}`,
      () => read(id, operation),
      whenStatus("verified", { field: "state" }),
      operation,
    ),
  async delete(id, _known, operation) {
    const found = await findCertificate(id, operation);
    if (found === undefined) return;
    // A load balancer that was just deleted holds on to its certificate for a moment.
    await waitUntil(() => deleted(String(found.id), operation), {
      what: `certificate ${id} to be free to delete`,
      timeoutMs: Math.min(operation.timeoutMs, 60_000),
      signal: operation.signal,
    });
  },
};

async function deleted(certificateId: string, { api, signal }: Operation): Promise<true | undefined> {
  try {
    await api.delete(`/v2/certificates/${certificateId}`, signal);
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 409)) return undefined;
    throw error;
  }
}

/** Each type of certificate needs its own parts. */
function rules(checked: PropertyMap): CheckFailure[] {
  const type = unwrap(checked.type);
  const missing = (property: string): CheckFailure[] =>
    checked[property] === undefined
      ? [{ path: [property], reason: `is required for a certificate of type ${type}` }]
      : [];
  const useless = (property: string): CheckFailure[] =>
    checked[property] === undefined
      ? []
      : [{ path: [property], reason: `has no meaning for a certificate of type ${type}: leave it out` }];
  if (type === "custom")
    return [...missing("privateKey"), ...missing("leafCertificate"), ...useless("domains")];
  if (type === "lets_encrypt") return [...missing("domains"), ...CUSTOM_PARTS.flatMap(useless)];
  return [];
}

/** A TLS certificate: our own, or one from Let's Encrypt that DigitalOcean renews. */
export const certificate: ResourceDefinition = {
  token: resourceToken("Certificate"),
  noun: "a certificate",
  inputs,
  schemaVersion: 1,
  rules,
  outputs: { notAfter: string(), sha1Fingerprint: string(), state: string(), uuid: string() },
  operations,
};
