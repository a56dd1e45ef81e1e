import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { conflict, found, refuseIfAny } from "../errors.ts";
import type { Family, Identity } from "../family.ts";
import { optionalText } from "../fields.ts";

/** A CDN endpoint, as stored and as shown. */
interface CdnEndpoint {
  readonly id: string;
  readonly origin: string;
  readonly endpoint: string;
  readonly ttl: number;
  readonly certificate_id?: string | undefined;
  readonly custom_domain?: string | undefined;
  readonly created_at: string;
}

const collection = (store: Store) => store.collection<CdnEndpoint>("cdn_endpoints");

const defaultTtlSeconds = 3600;

const ttl = z.union(
  [60, 600, 3600, 86400, 604800].map((seconds) => z.literal(seconds)),
  {
    error: "the time to live is 60, 600, 3600, 86400 or 604800 seconds",
  },
);
const domain = {
  certificate_id: optionalText,
  custom_domain: optionalText,
};
const createBody = z.strictObject({
  origin: z.string().min(1),
  ttl: ttl.default(defaultTtlSeconds),
  ...domain,
});
const updateBody = z.strictObject({
  ttl: ttl.optional(),
  certificate_id: z.string().nullish(),
  custom_domain: z.string().nullish(),
});

const list = endpoint({
  method: "GET",
  path: "/v2/cdn/endpoints",
  handle: ({ cloud, page }) => page("endpoints", collection(cloud.store).list()),
});

const create = endpoint({
  method: "POST",
  path: "/v2/cdn/endpoints",
  body: createBody,
  handle: ({ cloud, body }) => {
    refuseIfAny(originProblem(cloud, body.origin), ...domainProblems(cloud, body));
    if (
      collection(cloud.store)
        .list()
        .some((known) => known.origin === body.origin)
    ) {
      throw conflict(`origin: there is a CDN endpoint for ${body.origin} already`);
    }
    const cdn: CdnEndpoint = {
      id: randomUUID(),
      ...body,
      endpoint: body.origin.replace(".digitaloceanspaces.com", ".cdn.digitaloceanspaces.com"),
      created_at: cloud.timestamp(),
    };
    collection(cloud.store).put(cdn.id, cdn);
    return { endpoint: cdn };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/cdn/endpoints/{cdn_id}",
  handle: ({ cloud, params }) => ({ endpoint: found(collection(cloud.store).get(params.cdn_id)) }),
});

const update = endpoint({
  method: "PUT",
  path: "/v2/cdn/endpoints/{cdn_id}",
  body: updateBody,
  handle: ({ cloud, params, body }) => {
    const before = found(collection(cloud.store).get(params.cdn_id));
    // An empty text takes the domain away; a field that is not named stays.
    const changed = (given: string | null | undefined, known: string | undefined) =>
      given === undefined || given === null ? known : given || undefined;
    const cdn = {
      ...before,
      ttl: body.ttl ?? before.ttl,
      certificate_id: changed(body.certificate_id, before.certificate_id),
      custom_domain: changed(body.custom_domain, before.custom_domain),
    };
    refuseIfAny(...domainProblems(cloud, cdn));
    collection(cloud.store).put(cdn.id, cdn);
    return { endpoint: cdn };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/cdn/endpoints/{cdn_id}",
  handle: ({ cloud, params }) => {
    found(collection(cloud.store).get(params.cdn_id));
    collection(cloud.store).delete(params.cdn_id);
  },
});

const purge = endpoint({
  method: "DELETE",
  path: "/v2/cdn/endpoints/{cdn_id}/cache",
  body: z.strictObject({ files: z.array(z.string().min(1)).min(1).max(50) }),
  handle: ({ cloud, params }) => {
    found(collection(cloud.store).get(params.cdn_id));
  },
});

function originProblem(cloud: Cloud, origin: string): string | undefined {
  const [, bucket, region] = /^(.+)\.([a-z]+\d)\.digitaloceanspaces\.com$/.exec(origin) ?? [];
  if (bucket === undefined) {
    return `origin: ${origin} is not the address of a bucket, such as media.fra1.digitaloceanspaces.com`;
  }
  return cloud.spaces.findBucket(bucket)?.region === region
    ? undefined
    : `origin: there is no bucket ${bucket} in ${region}`;
}

function domainProblems(
  cloud: Cloud,
  { certificate_id: certificate, custom_domain: name }: Pick<CdnEndpoint, "certificate_id" | "custom_domain">,
): (string | undefined)[] {
  const known =
    certificate === undefined ||
    cloud.resources().some((resource) => resource.kind === "certificates" && resource.id === certificate);
  return [
    known ? undefined : `certificate_id: there is no certificate ${certificate}`,
    name !== undefined && certificate === undefined
      ? "certificate_id: a custom domain needs a certificate"
      : undefined,
    certificate !== undefined && name === undefined
      ? "custom_domain: a certificate needs a custom domain"
      : undefined,
    name === undefined || /^([a-z0-9-]+\.){2,}[a-z]{2,}$/.test(name)
      ? undefined
      : `custom_domain: ${name} is not a subdomain, such as static.example.com`,
  ];
}

function uses({ origin, certificate_id: certificate }: CdnEndpoint): Identity[] {
  const bucket = { kind: "spaces_buckets", id: origin.split(".")[0] ?? "" };
  return certificate === undefined ? [bucket] : [bucket, { kind: "certificates", id: certificate }];
}

/** CDN endpoints before Spaces buckets. */
export const cdn: Family = {
  name: "cdn",
  endpoints: [list, create, read, update, remove, purge],
  resources: (store) =>
    collection(store)
      .list()
      .map((cdn) => ({
        kind: "cdn_endpoints",
        id: cdn.id,
        name: cdn.endpoint,
        createdAt: cdn.created_at,
        uses: uses(cdn),
      })),
};
