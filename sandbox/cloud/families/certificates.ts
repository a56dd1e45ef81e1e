import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { conflict, forbidden, found, refuseIfAny, unprocessable } from "../errors.ts";
import type { Family } from "../family.ts";
import { optionalText } from "../fields.ts";

interface CertificateDocument {
  readonly id: string;
  readonly name: string;
  readonly type: "custom" | "lets_encrypt";
  readonly dns_names: readonly string[];
  readonly not_after: string;
  readonly sha1_fingerprint: string;
  readonly created_at: string;
  readonly createdMs: number;
}

const collection = (store: Store) => store.collection<CertificateDocument>("certificates");

const dayMs = 86_400_000;
const letsEncryptDays = 90;

const name = z
  .string()
  .max(255)
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    "may hold letters, digits, dashes, underscores and periods, and begins with a letter or digit",
  );

const dnsName = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
    "is not a fully qualified domain name",
  );

const letsEncrypt = z.strictObject({
  name,
  type: z.literal("lets_encrypt"),
  dns_names: z.array(dnsName).min(1).max(100),
});

const custom = z.strictObject({
  name,
  type: z.literal("custom").default("custom"),
  private_key: z.string(),
  leaf_certificate: z.string(),
  certificate_chain: optionalText,
});

const createCertificate = z.discriminatedUnion("type", [letsEncrypt, custom]);

/** Whether one of the domains in the cloud's DNS holds this name: only then can it prove that the name is ours. */
function unmanagedProblem(cloud: Cloud, names: readonly string[]): string | undefined {
  const domains = cloud.resources().filter((resource) => resource.kind === "domains");
  const unmanaged = names.filter(
    (name) => !domains.some((domain) => name === domain.name || name.endsWith(`.${domain.name}`)),
  );
  return unmanaged.length === 0
    ? undefined
    : `dns_names: ${unmanaged.join(", ")} must be within a domain whose DNS DigitalOcean manages; add the domain first`;
}

/** Reads a certificate in PEM. @throws ApiError 422 */
function parsePem(field: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw unprocessable(`${field}: is not a certificate in PEM`);
  }
}

function matchesKey(leaf: X509Certificate, privateKey: string): boolean {
  try {
    return leaf.checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false;
  }
}

type Contents = Pick<CertificateDocument, "dns_names" | "not_after" | "sha1_fingerprint">;

const shortFingerprint = (fingerprint: string): string => fingerprint.replaceAll(":", "").toLowerCase();

const atSecond = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

function readCustom(cloud: Cloud, request: z.output<typeof custom>): Contents {
  const leaf = parsePem("leaf_certificate", request.leaf_certificate);
  if (request.certificate_chain !== undefined) parsePem("certificate_chain", request.certificate_chain);
  const expiresMs = Date.parse(leaf.validTo);
  refuseIfAny(
    matchesKey(leaf, request.private_key)
      ? undefined
      : "private_key: does not belong to the leaf certificate",
    expiresMs > cloud.now() ? undefined : `leaf_certificate: expired at ${atSecond(expiresMs)}`,
  );
  const alternatives = (leaf.subjectAltName ?? "").split(", ").filter((entry) => entry.startsWith("DNS:"));
  return {
    dns_names: alternatives.map((entry) => entry.slice("DNS:".length)),
    not_after: atSecond(expiresMs),
    sha1_fingerprint: shortFingerprint(leaf.fingerprint),
  };
}

function order(cloud: Cloud, request: z.output<typeof letsEncrypt>): Contents {
  refuseIfAny(unmanagedProblem(cloud, request.dns_names));
  return {
    dns_names: request.dns_names,
    not_after: atSecond(cloud.now() + letsEncryptDays * dayMs),
    sha1_fingerprint: randomUUID().replaceAll("-", "").padEnd(40, "0"),
  };
}

function present(cloud: Cloud, certificate: CertificateDocument): object {
  const { createdMs, not_after, sha1_fingerprint, ...shown } = certificate;
  const verified = certificate.type === "custom" || cloud.settled(createdMs);
  return verified
    ? { ...shown, state: "verified", not_after, sha1_fingerprint }
    : { ...shown, state: "pending" };
}

/** What is wrong with naming a certificate that has to exist, if anything. */
export function certificateProblem(cloud: Cloud, id: string, field: string): string | undefined {
  return collection(cloud.store).get(id) === undefined
    ? `${field}: there is no certificate ${id}`
    : undefined;
}

const list = endpoint({
  method: "GET",
  path: "/v2/certificates",
  query: z.object({ name: optionalText }),
  handle: ({ cloud, query, page }) =>
    page(
      "certificates",
      collection(cloud.store)
        .list()
        .filter((certificate) => query.name === undefined || certificate.name === query.name)
        .map((certificate) => present(cloud, certificate)),
    ),
});

const create = endpoint({
  method: "POST",
  path: "/v2/certificates",
  body: createCertificate,
  handle: ({ cloud, body }) => {
    const contents = body.type === "custom" ? readCustom(cloud, body) : order(cloud, body);
    if (
      collection(cloud.store)
        .list()
        .some((other) => other.name === body.name)
    ) {
      throw conflict(`name: a certificate named ${body.name} already exists`);
    }
    const certificate: CertificateDocument = {
      id: randomUUID(),
      name: body.name,
      type: body.type,
      ...contents,
      created_at: cloud.timestamp(),
      createdMs: cloud.now(),
    };
    collection(cloud.store).put(certificate.id, certificate);
    return { certificate: present(cloud, certificate) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/certificates/{certificate_id}",
  handle: ({ cloud, params }) => ({
    certificate: present(cloud, found(collection(cloud.store).get(params.certificate_id))),
  }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/certificates/{certificate_id}",
  handle: async ({ cloud, params }) => {
    const identity = {
      kind: "certificates",
      id: found(collection(cloud.store).get(params.certificate_id)).id,
    };
    const users = cloud.usersOf(identity);
    if (users.length > 0) {
      const names = users.map((user) => `${user.kind}/${user.name}`).join(", ");
      throw forbidden(`Make sure the certificate is not in use before deleting it: it is used by ${names}`);
    }
    collection(cloud.store).delete(identity.id);
    await cloud.forget(identity);
  },
});

/** TLS certificates: one's own, and Let's Encrypt's for domains whose DNS is here. */
export const certificates: Family = {
  name: "certificates",
  endpoints: [list, create, read, remove],
  resources: (store) =>
    collection(store)
      .list()
      .map((certificate) => ({
        kind: "certificates",
        id: certificate.id,
        name: certificate.name,
        createdAt: certificate.created_at,
      })),
};
