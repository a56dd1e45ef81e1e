import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { thresholds } from "../../../catalog/thresholds.ts";
import { type Answer, type Check, judged, unchecked } from "../check.ts";
import { type CloudAccess, readCloud, readDatabase } from "../cloud.ts";
import type { ClusterApi } from "../cluster.ts";

const dayMs = 24 * 3600 * 1000;
const remedy = "docs/runbooks/CertificateExpires.md";

/** When a certificate ends. */
export interface Ending {
  readonly name: string;
  readonly endsAtMs: number;
}

/** How certificates are that end then: the first to end decides. */
export function judgeDaysLeft(endings: readonly Ending[], nowMs: number): Answer {
  if (endings.length === 0) return unchecked("there is none");
  const days = endings.map(({ name, endsAtMs }) => [name, Math.floor((endsAtMs - nowMs) / dayMs)] as const);
  return judged(
    days.map(([name, left]) => ({
      verdict: left < thresholds.certificateDays ? "critical" : "healthy",
      text: left < 0 ? `${name} ended ${-left} days ago` : `${name} is good for ${left} days`,
    })),
    { daysLeft: Math.min(...days.map(([, left]) => left)) },
  );
}

const recordsSchema = z.object({
  certificates: z.array(z.object({ name: z.string(), state: z.string(), not_after: z.string() })),
});

/** What DigitalOcean says of the edge's certificate, which it renews by itself. */
export const recordedCertificateCheck = (access: CloudAccess, name: string): Check => ({
  subject: "certificates",
  name,
  asked: "what DigitalOcean has recorded of it",
  remedy,
  ask: async (signal) => {
    const { certificates } = await readCloud(access, "/v2/certificates?per_page=200", recordsSchema, signal);
    const found = certificates.find((each) => each.name === name);
    if (found === undefined)
      return { verdict: "critical", answer: "DigitalOcean has no certificate of this name" };
    if (found.state !== "verified")
      return { verdict: "critical", answer: `DigitalOcean calls it "${found.state}"` };
    return judgeDaysLeft([{ name: "it", endsAtMs: Date.parse(found.not_after) }], Date.now());
  },
});

/** Whether the authority is good for long that signed a database's certificates. */
export const databaseAuthorityCheck = (
  access: CloudAccess,
  { id, name }: { readonly id: string; readonly name: string },
): Check => ({
  subject: "certificates",
  name: `authority of ${name}`,
  asked: "the authority that clients verify it by",
  remedy: 'a ticket with DigitalOcean: the authority is theirs. An "up" hands a new one to the application',
  ask: async (signal) => {
    const { authority } = await readDatabase(access, id, signal);
    return judgeDaysLeft([{ name: "it", endsAtMs: endOf(authority) }], Date.now());
  },
});

const secretSchema = z.object({ data: z.record(z.string(), z.string()).nullish() });

/**
 * Certificates that the cluster's own programs show each other. The keys beside them are not looked at.
 *
 * @param secret Namespace and name of the Secret that holds them.
 */
export const clusterCertificatesCheck = (
  cluster: ClusterApi,
  secret: { readonly namespace: string; readonly name: string },
): Check => ({
  subject: "certificates",
  name: secret.name,
  asked: "every certificate in the Secret",
  remedy: 'an "up": what is about to end is made anew, and its pods are rolled',
  ask: async (signal) => {
    const path = `/api/v1/namespaces/${secret.namespace}/secrets/${secret.name}`;
    const { data } = await cluster.read(path, secretSchema, signal);
    const endings = Object.entries(data ?? {})
      .filter(([key]) => key.endsWith(".crt"))
      .map(([key, text]) => ({ name: key, endsAtMs: endOf(Buffer.from(text, "base64").toString("utf8")) }));
    return judgeDaysLeft(endings, Date.now());
  },
});

const endOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo);
