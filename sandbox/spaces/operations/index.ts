import { S3Error } from "../errors.ts";
import { aclOperations } from "./acl.ts";
import { bucketSettingOperations } from "./bucket-settings.ts";
import { bucketOperations } from "./buckets.ts";
import { copyOperations } from "./copy.ts";
import { listingOperations } from "./listing.ts";
import { multipartOperations } from "./multipart.ts";
import { objectOperations } from "./objects.ts";
import type { Operation } from "./operation.ts";
import { taggingOperations } from "./tagging.ts";

/** Every operation that this server has. */
export const operations: readonly Operation[] = [
  ...bucketOperations,
  ...bucketSettingOperations,
  ...aclOperations,
  ...listingOperations,
  ...objectOperations,
  ...copyOperations,
  ...multipartOperations,
  ...taggingOperations,
];

/** Sub-resources of S3 that this server does not have; asked for, they are refused rather than ignored. */
const unsupported = [
  "accelerate",
  "analytics",
  "attributes",
  "encryption",
  "intelligent-tiering",
  "inventory",
  "legal-hold",
  "metrics",
  "notification",
  "object-lock",
  "ownershipControls",
  "policyStatus",
  "publicAccessBlock",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "select",
  "torrent",
  "website",
];

const selectorNames = new Set([...operations.flatMap((operation) => operation.selectors), ...unsupported]);

/**
 * The operation a request asks for: the one with the most selectors among those whose selectors are all there.
 *
 * @param has whether the request has that query parameter (or, with `x-`, that header)
 * @throws S3Error NotImplemented, MethodNotAllowed
 */
export function findOperation(
  method: string,
  scope: "service" | "bucket" | "object",
  has: (selector: string) => boolean,
): Operation {
  const present = [...selectorNames].filter(has);
  const refused = present.find((name) => unsupported.includes(name));
  if (refused !== undefined) {
    throw new S3Error("NotImplemented", `Spaces does not offer the sub-resource "${refused}".`);
  }
  const operation = operations
    .filter((each) => each.method === method)
    .filter((each) => each.scope === scope || (each.scope === "new-bucket" && scope === "bucket"))
    .filter((each) => each.selectors.every(has))
    .sort((a, b) => b.selectors.length - a.selectors.length)[0];
  const ignored = present.filter(
    (name) => !name.startsWith("x-") && operation?.selectors.includes(name) === false,
  );
  if (operation === undefined || ignored.length > 0) {
    throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", {
      details: { Method: method, ResourceType: (present[0] ?? scope).toUpperCase() },
    });
  }
  return operation;
}
