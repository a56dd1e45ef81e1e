import { ProviderError } from "../../kit/index.ts";
import type { Operation } from "../dsl/resource.ts";
import type { PlainMap } from "../dsl/wire.ts";

/** The certificate of DigitalOcean's that Cloudflare issues for CDN endpoints; it has no document of its own. */
const CLOUDFLARE = "needs-cloudflare-cert";

/** The certificate of this name; undefined when there is none. Names outlive ids: a renewal changes the id. */
export async function findCertificate(
  name: string,
  { api, signal }: Operation,
): Promise<PlainMap | undefined> {
  const certificates = await api.list(
    `/v2/certificates?name=${encodeURIComponent(name)}`,
    "certificates",
    signal,
  );
  return certificates.find((certificate) => certificate.name === name);
}

/** The id that a certificate has at the moment. Throws when there is no such certificate. */
export async function certificateId(name: string, operation: Operation): Promise<string> {
  if (name === CLOUDFLARE) return name;
  const found = await findCertificate(name, operation);
  if (found === undefined) {
    throw new ProviderError(
      `there is no certificate named ${JSON.stringify(name)}: make it first, or correct the name`,
    );
  }
  return String(found.id);
}

/** The name of the certificate with this id; undefined when there is none. */
export async function certificateName(id: string, { api, signal }: Operation): Promise<string | undefined> {
  if (id === CLOUDFLARE) return id;
  const answer = await api.find(`/v2/certificates/${id}`, signal);
  const certificate = answer?.certificate;
  return typeof certificate === "object" && certificate !== null && "name" in certificate
    ? String(certificate.name)
    : undefined;
}
