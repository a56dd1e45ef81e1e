import { randomBytes } from "node:crypto";
import "reflect-metadata";
import { BasicConstraintsExtension, X509CertificateGenerator } from "@peculiar/x509";
import { z } from "zod";
import { databaseEngines } from "../../../../catalog/engines.ts";
import { regions } from "../../../../catalog/regions.ts";
import { databaseSizes } from "../../../../catalog/sizes.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { requireDatabase } from "./model.ts";

interface AccountDocument {
  /** PEM of the authority that signs the certificates of all the account's clusters. */
  readonly certificate?: string;
  readonly metricsUsername?: string;
  readonly metricsPassword?: string;
}

const tenYearsMs = 10 * 365 * 24 * 3_600_000;

const options = endpoint({
  method: "GET",
  path: "/v2/databases/options",
  handle: () => ({
    options: Object.fromEntries(
      databaseEngines.map(({ slug, versions, maximumNodes }) => [
        slug,
        {
          regions: regions
            .filter(({ available, databases }) => available && databases)
            .map((region) => region.slug),
          versions,
          layouts: Array.from({ length: maximumNodes }, (_, index) => ({
            num_nodes: index + 1,
            sizes: databaseSizes
              .filter(({ engines, nodeCounts }) => engines.includes(slug) && nodeCounts.includes(index + 1))
              .map((size) => size.slug),
          })),
        },
      ]),
    ),
    version_availability: Object.fromEntries(
      databaseEngines.map(({ slug, versions }) => [
        slug,
        versions.map((version) => ({ version, end_of_life: null, end_of_availability: null })),
      ]),
    ),
  }),
});

const readCa = endpoint({
  method: "GET",
  path: "/v2/databases/{database_cluster_uuid}/ca",
  handle: async ({ cloud, params }) => {
    requireDatabase(cloud, params.database_cluster_uuid);
    const fresh = accountOf(cloud).certificate ?? (await newAuthority(cloud));
    // Another request may have made the authority in the meantime: there is only one.
    const certificate = accountOf(cloud).certificate ?? fresh;
    updateAccount(cloud, { certificate });
    return { ca: { certificate: Buffer.from(certificate).toString("base64") } };
  },
});

const readMetrics = endpoint({
  method: "GET",
  path: "/v2/databases/metrics/credentials",
  handle: ({ cloud }) => {
    const known = accountOf(cloud);
    const credentials = {
      basic_auth_username: known.metricsUsername ?? "metrics",
      basic_auth_password: known.metricsPassword ?? randomBytes(16).toString("hex"),
    };
    updateAccount(cloud, {
      metricsUsername: credentials.basic_auth_username,
      metricsPassword: credentials.basic_auth_password,
    });
    // The description nests the credentials once more than DigitalOcean's own client reads them: both find theirs.
    return { credentials: { ...credentials, credentials } };
  },
});

const replaceMetrics = endpoint({
  method: "PUT",
  path: "/v2/databases/metrics/credentials",
  status: 204,
  body: z.strictObject({
    credentials: z.strictObject({
      basic_auth_username: z.string().min(1),
      basic_auth_password: z.string().min(1),
    }),
  }),
  handle: ({ cloud, body: { credentials } }) =>
    updateAccount(cloud, {
      metricsUsername: credentials.basic_auth_username,
      metricsPassword: credentials.basic_auth_password,
    }),
});

function accounts(cloud: Cloud) {
  return cloud.store.collection<AccountDocument>("database_account");
}

function accountOf(cloud: Cloud): AccountDocument {
  return accounts(cloud).get("account") ?? {};
}

function updateAccount(cloud: Cloud, change: AccountDocument): void {
  accounts(cloud).put("account", { ...accountOf(cloud), ...change });
}

async function newAuthority(cloud: Cloud): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString("hex"),
    name: "CN=DigitalOcean sandbox project CA",
    notBefore: new Date(cloud.now()),
    notAfter: new Date(cloud.now() + tenYearsMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return `${certificate.toString("pem")}\n`;
}

export const databaseAccount = [options, readCa, readMetrics, replaceMetrics];
