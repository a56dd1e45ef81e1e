import { z } from "zod";
import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, unprocessable } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { optionalText } from "../../fields.ts";
import { assignToProject } from "../projects.ts";
import {
  denormaliseRecord,
  normaliseRecord,
  type RecordContent,
  recordBody,
  recordPatch,
  recordProblems,
  recordTypes,
} from "./record.ts";

interface Domain {
  readonly name: string;
  readonly ttl: number;
  readonly createdAt: string;
}

/** A record of a domain, as kept; shown without its domain. */
interface DomainRecord extends RecordContent {
  readonly id: number;
  readonly domain: string;
}

const domainCollection = (store: Store) => store.collection<Domain>("domains");
const recordCollection = (store: Store) => store.collection<DomainRecord>("domain_records");

const defaultTtlSeconds = 1800;
const nameServers = ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"];
const blank = { priority: null, port: null, weight: null, flags: null, tag: null };

const domainName = z
  .string()
  .max(253)
  .regex(/^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$/, "is not the name of a domain")
  .transform((name) => name.toLowerCase());

const listDomains = endpoint({
  method: "GET",
  path: "/v2/domains",
  handle: ({ cloud, page }) =>
    page(
      "domains",
      domainCollection(cloud.store)
        .list()
        .map((domain) => presentDomain(cloud, domain)),
    ),
});

const createDomain = endpoint({
  method: "POST",
  path: "/v2/domains",
  body: z.strictObject({
    name: domainName,
    ip_address: z.union([z.ipv4(), z.ipv6(), z.literal("")]).nullish(),
  }),
  handle: ({ cloud, body: { name, ip_address: address } }) => {
    if (domainCollection(cloud.store).get(name) !== undefined) {
      throw unprocessable(`name: the domain ${name} already exists in this account`);
    }
    const domain = { name, ttl: defaultTtlSeconds, createdAt: cloud.timestamp() };
    domainCollection(cloud.store).put(name, domain);
    const own = { name: "@", ttl: defaultTtlSeconds, ...blank };
    addRecord(cloud, name, { ...own, type: "SOA", data: "1800" });
    for (const data of nameServers) addRecord(cloud, name, { ...own, type: "NS", data });
    if (address)
      addRecord(cloud, name, { ...own, type: address.includes(":") ? "AAAA" : "A", data: address });
    assignToProject(cloud, `do:domain:${name}`);
    // As the API answers it: the zone file is empty until the domain is read.
    return { domain: { name, ttl: domain.ttl, zone_file: null } };
  },
});

const readDomain = endpoint({
  method: "GET",
  path: "/v2/domains/{domain_name}",
  handle: ({ cloud, params }) => ({ domain: presentDomain(cloud, requireDomain(cloud, params.domain_name)) }),
});

const deleteDomain = endpoint({
  method: "DELETE",
  path: "/v2/domains/{domain_name}",
  handle: async ({ cloud, params }) => {
    const { name } = requireDomain(cloud, params.domain_name);
    for (const record of recordsOf(cloud, name)) recordCollection(cloud.store).delete(String(record.id));
    domainCollection(cloud.store).delete(name);
    await cloud.forget({ kind: "domains", id: name });
  },
});

const listRecords = endpoint({
  method: "GET",
  path: "/v2/domains/{domain_name}/records",
  query: z.object({ name: optionalText, type: z.enum(recordTypes).optional() }),
  handle: ({ cloud, params, query, page }) => {
    const { name: domain } = requireDomain(cloud, params.domain_name);
    const records = recordsOf(cloud, domain)
      .filter((record) => query.type === undefined || record.type === query.type)
      .filter((record) => query.name === undefined || fullName(record) === query.name);
    return page("domain_records", records.map(presentRecord));
  },
});

const createRecord = endpoint({
  method: "POST",
  path: "/v2/domains/{domain_name}/records",
  body: recordBody,
  handle: ({ cloud, params, body }) => {
    const { name: domain } = requireDomain(cloud, params.domain_name);
    const record = checkRecord(cloud, domain, body);
    return { domain_record: presentRecord(addRecord(cloud, domain, record)) };
  },
});

const readRecord = endpoint({
  method: "GET",
  path: "/v2/domains/{domain_name}/records/{domain_record_id}",
  handle: ({ cloud, params }) => ({ domain_record: presentRecord(requireRecord(cloud, params)) }),
});

const changeOf = (method: "PUT" | "PATCH") =>
  endpoint({
    method,
    path: "/v2/domains/{domain_name}/records/{domain_record_id}",
    body: recordPatch,
    handle: ({ cloud, params, body }) => {
      const before = requireRecord(cloud, params);
      const { id: _id, domain, ...known } = before;
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const content = checkRecord(cloud, domain, { ...denormaliseRecord(known), ...given }, before.id);
      const record = { ...content, id: before.id, domain };
      recordCollection(cloud.store).put(String(record.id), record);
      return { domain_record: presentRecord(record) };
    },
  });

const deleteRecord = endpoint({
  method: "DELETE",
  path: "/v2/domains/{domain_name}/records/{domain_record_id}",
  handle: ({ cloud, params }) => {
    recordCollection(cloud.store).delete(String(requireRecord(cloud, params).id));
  },
});

/** The record as it will be kept. @param self The id of the record that is changed, which does not stand in its own way. */
function checkRecord(
  cloud: Cloud,
  domain: string,
  given: z.output<typeof recordBody>,
  self?: number,
): RecordContent {
  const problems = recordProblems(given);
  if (problems.length > 0) throw unprocessable(...problems);
  const record = normaliseRecord(given, domain);
  const namesakes = recordsOf(cloud, domain).filter(({ id, name }) => id !== self && name === record.name);
  if (namesakes.some((other) => other.type === "CNAME" || record.type === "CNAME")) {
    throw unprocessable(`name: CNAME records cannot share a name with other records (${record.name})`);
  }
  if (namesakes.some((other) => sameContent(other, record))) {
    throw conflict(`A record of type ${record.type} named ${record.name} with this data already exists`);
  }
  return record;
}

function sameContent(a: RecordContent, b: RecordContent): boolean {
  return (["type", "data", "priority", "port", "weight", "flags", "tag"] as const).every(
    (field) => a[field] === b[field],
  );
}

function addRecord(cloud: Cloud, domain: string, content: RecordContent): DomainRecord {
  const record = { ...content, id: cloud.store.nextInteger("domain_records", 28_448_429), domain };
  recordCollection(cloud.store).put(String(record.id), record);
  return record;
}

function requireDomain(cloud: Cloud, name: string): Domain {
  return found(domainCollection(cloud.store).get(name.toLowerCase()));
}

function recordsOf(cloud: Cloud, domain: string): DomainRecord[] {
  return recordCollection(cloud.store)
    .list()
    .filter((record) => record.domain === domain);
}

function requireRecord(
  cloud: Cloud,
  params: { domain_name: string; domain_record_id: string },
): DomainRecord {
  const { name } = requireDomain(cloud, params.domain_name);
  return found(recordsOf(cloud, name).find((record) => String(record.id) === params.domain_record_id));
}

function fullName({ name, domain }: DomainRecord): string {
  return name === "@" ? domain : `${name}.${domain}`;
}

function presentRecord({ domain: _domain, ...record }: DomainRecord): object {
  return record;
}

function presentDomain(cloud: Cloud, { name, ttl }: Domain): object {
  const lines = recordsOf(cloud, name).map((record) => {
    const numbers = [record.priority, record.weight, record.port, record.flags, record.tag].filter(
      (value) => value !== null,
    );
    return [`${fullName(record)}.`, record.ttl, "IN", record.type, ...numbers, record.data].join(" ");
  });
  return { name, ttl, zone_file: [`$ORIGIN ${name}.`, `$TTL ${ttl}`, ...lines, ""].join("\n") };
}

/** Domains and their records. */
export const domains: Family = {
  name: "domains",
  endpoints: [
    listDomains,
    createDomain,
    readDomain,
    deleteDomain,
    listRecords,
    createRecord,
    readRecord,
    changeOf("PUT"),
    changeOf("PATCH"),
    deleteRecord,
  ],
  resources: (store) =>
    domainCollection(store)
      .list()
      .map(({ name, createdAt }) => ({
        kind: "domains",
        id: name,
        name,
        createdAt,
        urn: `do:domain:${name}`,
      })),
};
