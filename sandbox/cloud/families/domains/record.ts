import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";

/** The types of records DigitalOcean's name servers have. */
export const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"] as const;

/** What a record says, whatever its type: fields its type does not have are null. */
export interface RecordContent {
  readonly type: (typeof recordTypes)[number];
  readonly name: string;
  readonly data: string;
  readonly priority: number | null;
  readonly port: number | null;
  readonly ttl: number;
  readonly weight: number | null;
  readonly flags: number | null;
  readonly tag: string | null;
}

type NumberField = "priority" | "port" | "weight" | "flags";

interface TypeRule {
  /** What the data must be, in words, and whether it is. */
  readonly data: readonly [what: string, test: (data: string) => boolean];
  /** The fields of this type beside name, data and ttl, with their ranges. */
  readonly numbers?: Partial<Record<NumberField, readonly [minimum: number, maximum: number]>>;
  readonly tags?: readonly string[];
}

const sixteenBits = [0, 65_535] as const;
/** A host name that ends with a dot, `@` for the domain itself; the API refuses a relative one. */
const absoluteHost = [
  'a host name that ends with a dot (.), or "@"',
  (data: string) => data === "@" || /^([a-zA-Z0-9_-]+\.)+$/.test(data),
] as const;

const typeRules: Readonly<Record<RecordContent["type"], TypeRule>> = {
  A: { data: ["an IPv4 address", isIPv4] },
  AAAA: { data: ["an IPv6 address", isIPv6] },
  CAA: {
    data: ["a text", (data) => data.length > 0],
    numbers: { flags: [0, 255] },
    tags: ["issue", "issuewild", "iodef"],
  },
  CNAME: { data: absoluteHost },
  MX: { data: absoluteHost, numbers: { priority: sixteenBits } },
  NS: { data: absoluteHost },
  SOA: { data: ["a text", (data) => data.length > 0] },
  SRV: { data: absoluteHost, numbers: { priority: sixteenBits, port: sixteenBits, weight: sixteenBits } },
  TXT: { data: ["a text of 1 to 4096 characters", (data) => data.length > 0 && data.length <= 4096] },
};

const number = z.number().int().nullish();

/** A record as a client sends it: numbers its type does not have are ignored, as Go clients send a 0 for each. */
export const recordBody = z.strictObject({
  type: z.enum(recordTypes),
  name: z.string().min(1).max(255),
  data: z.string().min(1),
  priority: number,
  port: number,
  ttl: z.number().int().min(30).max(2_147_483_647).default(1800),
  weight: number,
  flags: number,
  tag: z.string().nullish(),
});

/** A change of a record: fields that are not named stay. */
export const recordPatch = recordBody.partial().extend({ ttl: z.number().int().min(30).optional() });

/** Everything that is wrong with a record. */
export function recordProblems(record: z.output<typeof recordBody>): string[] {
  const rule = typeRules[record.type];
  const [what, test] = rule.data;
  const problems: string[] = [];
  if (record.type === "SOA") problems.push("type: the SOA record is the domain's own and cannot be made");
  if (!/^(@|\*|(\*\.)?[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)\.?$/.test(record.name)) {
    problems.push(`name: ${record.name} is not a host name, "@" or a wildcard`);
  }
  if (!test(record.data)) problems.push(`data: the data of a record of type ${record.type} is ${what}`);
  for (const [field, [minimum, maximum]] of entriesOf(rule.numbers)) {
    const value = record[field];
    if (value === undefined || value === null || value < minimum || value > maximum) {
      problems.push(`${field}: a record of type ${record.type} needs one from ${minimum} to ${maximum}`);
    }
  }
  if (rule.tags !== undefined && !rule.tags.includes(record.tag ?? "")) {
    problems.push(`tag: a record of type ${record.type} needs one of ${rule.tags.join(", ")}`);
  }
  return problems;
}

/** The record as it is kept: names relative to the domain, host names without their last dot. */
export function normaliseRecord(record: z.output<typeof recordBody>, domain: string): RecordContent {
  const rule = typeRules[record.type];
  const numbers = Object.fromEntries(
    entriesOf(rule.numbers).map(([field]) => [field, record[field] ?? null]),
  );
  const name = record.name.replace(/\.$/, "");
  return {
    type: record.type,
    name: name === domain ? "@" : name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name,
    data: namesHost(record) && record.data !== "@" ? record.data.replace(/\.$/, "") : record.data,
    priority: null,
    port: null,
    ttl: record.ttl,
    weight: null,
    flags: null,
    tag: rule.tags === undefined ? null : (record.tag ?? null),
    ...numbers,
  };
}

/** Whether the data is a host name: an authority that may issue certificates is one, an address for reports is not. */
function namesHost({ type, tag }: z.output<typeof recordBody>): boolean {
  return typeRules[type].data === absoluteHost || (type === "CAA" && tag !== "iodef");
}

/** The kept record in the form in which a client sends it. */
export function denormaliseRecord(record: RecordContent): z.output<typeof recordBody> {
  const absolute = typeRules[record.type].data === absoluteHost && record.data !== "@";
  return { ...record, data: absolute ? `${record.data}.` : record.data };
}

function entriesOf(numbers: TypeRule["numbers"]): [NumberField, readonly [number, number]][] {
  return Object.entries(numbers ?? {}) as [NumberField, readonly [number, number]][];
}
