import { type CheckFailure, type PropertyMap, unwrap } from "../../kit/index.ts";
import { type Fields, integer, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import { PORT } from "../dsl/values.ts";
import type { PlainMap } from "../dsl/wire.ts";

const TYPES = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV", "SOA"] as const;

/** Types whose value is a host name, which the API tells without its last dot. */
const HOST_VALUED = new Set(["CNAME", "MX", "NS", "SRV", "CAA"]);

/** What some types need beside a value. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  MX: ["priority"],
  SRV: ["port", "priority", "weight"],
  CAA: ["flags", "tag"],
};

const inputs: Fields = {
  domain: string({ required: true, replaces: true, minLength: 1 }),
  flags: integer({ zero: true, min: 0, max: 255 }),
  name: name(),
  port: integer({ zero: true, ...PORT }),
  priority: integer({ zero: true, min: 0, max: 65_535 }),
  tag: string({ zero: true, oneOf: ["issue", "issuewild", "iodef"] }),
  ttl: integer({ computed: true, min: 1 }),
  type: string({ required: true, replaces: true, oneOf: TYPES }),
  value: string({ required: true, wire: "data", minLength: 1 }),
  weight: integer({ zero: true, min: 0, max: 65_535 }),
};

/** The document with the value in full, as the program writes it, and the record's full name. */
function document(found: PlainMap, known: PlainMap): PlainMap {
  const zone = String(known.domain ?? "");
  const type = String(found.type);
  const data = String(found.data ?? "");
  const dotted = HOST_VALUED.has(type) && data !== "@" && found.tag !== "iodef" && !data.endsWith(".");
  const name = String(found.name ?? "");
  return {
    ...found,
    domain: zone,
    data: relativeAsSaid(dotted ? `${data}.` : data, String(known.value ?? ""), zone),
    name,
    fqdn: name === "@" || name === "" ? zone : name.endsWith(`.${zone}`) ? name : `${name}.${zone}`,
  };
}

/** The API makes relative and absolute values of the zone alike: what the program wrote stays as it wrote it. */
function relativeAsSaid(told: string, said: string, zone: string): string {
  const same = (told === "@" && said === `${zone}.`) || told === `${said}.${zone}.`;
  return same ? said : told;
}

/** Everything but the zone, which is in the path. */
const recordBody = (news: PlainMap): PlainMap =>
  pickWire(
    inputs,
    news,
    Object.keys(inputs).filter((property) => property !== "domain"),
  );

/** The API tells hosts without the dot at their end; CAA records of one authority differ by their tag alone. */
function isTwin(found: PlainMap, wanted: PlainMap): boolean {
  const undotted = (data: unknown) => String(data ?? "").replace(/\.$/, "");
  return (
    undotted(found.data) === undotted(wanted.data) &&
    ["type", "name", "tag"].every((property) => (found[property] ?? "") === (wanted[property] ?? ""))
  );
}

function rules(checked: PropertyMap): CheckFailure[] {
  const type = String(unwrap(checked.type));
  return (NEEDED[type] ?? [])
    .filter((property) => checked[property] === undefined)
    .map((property) => ({ path: [property], reason: `is required for a record of type ${type}` }));
}

/** One entry of a DNS zone. */
export const dnsRecord: ResourceDefinition = {
  token: resourceToken("DnsRecord"),
  noun: "a DNS record",
  inputs,
  rules,
  outputs: { fqdn: string() },
  operations: rest({
    inputs,
    path: (known) => `/v2/domains/${String(known.domain)}/records`,
    one: "domain_record",
    many: "domain_records",
    isTwin,
    body: recordBody,
    document,
    change: { method: "PUT", body: recordBody },
    importing: (id) => {
      const [zone = "", record = ""] = id.split(",");
      return { id: record, known: { domain: zone } };
    },
  }),
};
