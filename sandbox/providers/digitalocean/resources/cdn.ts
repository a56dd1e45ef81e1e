import { type CheckFailure, type PropertyMap, unwrap } from "../../kit/index.ts";
import { type Fields, integer, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import type { PlainMap } from "../dsl/wire.ts";
import { certificateId, certificateName } from "../support/certificates.ts";
import { goTime } from "../support/time.ts";

const TTLS = [60, 600, 3_600, 86_400, 604_800];

const inputs: Fields = {
  certificateId: string({ computed: true }),
  certificateName: string({ computed: true }),
  customDomain: string({ zero: true }),
  origin: string({ required: true, replaces: true, minLength: 1 }),
  ttl: integer({
    computed: true,
    rules: [
      (value) =>
        TTLS.includes(Number(value)) ? undefined : `${value} is not one of ${TTLS.join(", ")} seconds`,
    ],
  }),
};

const collection = rest({
  inputs,
  path: "/v2/cdn/endpoints",
  one: "endpoint",
  many: "endpoints",
  identity: ["origin"],
});

/** The API knows certificates by id, programs by name: a renewal changes the id. */
async function withCertificateId(news: PlainMap, operation: Operation): Promise<PlainMap> {
  const { certificateName: name, ...rest } = news;
  return typeof name === "string" ? { ...rest, certificateId: await certificateId(name, operation) } : news;
}

/** The document with the certificate's name, also where the id was: the vendor's plugin keeps the name in both. */
async function asTold(found: PlainMap, operation: Operation): Promise<PlainMap> {
  const id = String(found.certificate_id ?? "");
  const name = id === "" ? undefined : await certificateName(id, operation);
  return {
    ...found,
    created_at: goTime(found.created_at),
    ...(name === undefined ? {} : { certificate_id: name, certificate_name: name }),
  };
}

const operations: Operations = {
  create: async (news, operation) => {
    const found = await collection.create(await withCertificateId(news, operation), operation);
    return { ...found, document: await asTold(found.document, operation) };
  },
  read: async (id, known, operation) => {
    const found = await collection.read(id, known, operation);
    return found && asTold(found, operation);
  },
  async update(id, news, _known, operation) {
    // The API changes either the time to live or the custom domain with its certificate, not both at once.
    const named = await withCertificateId(news, operation);
    const path = `/v2/cdn/endpoints/${id}`;
    if (news.ttl !== undefined)
      await operation.api.put(path, pickWire(inputs, news, ["ttl"]), operation.signal);
    const domain = {
      custom_domain: "",
      certificate_id: "",
      ...pickWire(inputs, named, ["customDomain", "certificateId"]),
    };
    await operation.api.put(path, domain, operation.signal);
  },
  delete: collection.delete,
};

function rules(checked: PropertyMap): CheckFailure[] {
  const named = checked.certificateName !== undefined || checked.certificateId !== undefined;
  if (unwrap(checked.customDomain) === undefined || named) return [];
  return [
    { path: ["certificateName"], reason: "is required with customDomain: TLS needs a certificate for it" },
  ];
}

/** A content delivery network in front of a Spaces bucket. */
export const cdn: ResourceDefinition = {
  token: resourceToken("Cdn"),
  noun: "a CDN endpoint",
  inputs,
  schemaVersion: 1,
  rules,
  outputs: { createdAt: string(), endpoint: string() },
  operations,
};
