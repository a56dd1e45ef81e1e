import { randomBytes } from "node:crypto";
import { databaseEngines } from "../../../../catalog/engines.ts";
import { regions } from "../../../../catalog/regions.ts";
import { databaseSizes } from "../../../../catalog/sizes.ts";
import { createAuthority, type KeyPair, toPem } from "../../../certificates.ts";
import type { MetricsAccess } from "../../../stores/runtime.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { requireDatabase } from "./model.ts";
import { offeredVersions } from "./sizes.ts";

interface AccountDocument {
  /** Signs the certificates of all the account's clusters. */
  readonly authority?: KeyPair;
  readonly metrics?: MetricsAccess;
}

const options = endpoint({
  method: "GET",
  path: "/v2/databases/options",
  handle: ({ cloud }) => ({
    options: Object.fromEntries(
      databaseEngines.map(({ slug, maximumNodes }) => [
        slug,
        {
          regions: regions
            .filter(({ available, databases }) => available && databases)
            .map((region) => region.slug),
          versions: offeredVersions(cloud, slug),
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
      databaseEngines.map(({ slug }) => [
        slug,
        offeredVersions(cloud, slug).map((version) => ({
          version,
          end_of_life: null,
          end_of_availability: null,
        })),
      ]),
    ),
  }),
});

const readCa = endpoint({
  method: "GET",
  path: "/v2/databases/{database_cluster_uuid}/ca",
  handle: async ({ cloud, params }) => {
    requireDatabase(cloud, params.database_cluster_uuid);
    const { certificate } = await databaseAuthority(cloud);
    return { ca: { certificate: Buffer.from(certificate).toString("base64") } };
  },
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

/** The authority whose certificate the API hands out. */
export async function databaseAuthority(cloud: Cloud): Promise<KeyPair> {
  const fresh =
    accountOf(cloud).authority ?? (await toPem(await createAuthority("DigitalOcean sandbox project CA")));
  // Another request may have made the authority in the meantime: there is only one.
  const authority = accountOf(cloud).authority ?? fresh;
  updateAccount(cloud, { authority });
  return authority;
}

/** With what metrics endpoints are asked; drawn when somebody first wants to know. */
export function metricsAccess(cloud: Cloud): MetricsAccess {
  const known = accountOf(cloud).metrics;
  if (known !== undefined) return known;
  const metrics = { user: "metrics", password: randomBytes(16).toString("hex") };
  updateAccount(cloud, { metrics });
  return metrics;
}

export function replaceMetricsAccess(cloud: Cloud, metrics: MetricsAccess): void {
  updateAccount(cloud, { metrics });
}

export const databaseAccount = [options, readCa];
