import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import type { DnsZoneReference } from "../joints.ts";

/** Where a host points. */
export interface DnsRecord {
  /** Whether {@link value} is an address of either family, or another name. */
  readonly type: "A" | "AAAA" | "CNAME";
  /** An address, or for a CNAME a host's full name with a dot at its end. @example "198.51.100.7" */
  readonly value: pulumi.Input<string>;
}

/** Arguments of {@link DnsRecords}. */
export interface DnsRecordsArgs {
  /** The zone the records are in. */
  readonly zone: DnsZoneReference;

  /**
   * The records by host; `@` is the domain itself.
   * @example { "@": { type: "A", value: edge.address }, api: { type: "A", value: edge.address } }
   */
  readonly records: Readonly<Record<string, DnsRecord>>;

  /**
   * How long others may remember a record: the time a move takes to reach everybody.
   * @default 300
   */
  readonly ttlSeconds?: number;
}

/**
 * Hosts of a domain and what they point at.
 *
 * ### Cost
 * Free.
 *
 * @example
 * ```ts
 * new DnsRecords("whisper-staging-records", {
 *   zone: dns.zone, records: { "@": { type: "A", value: edge.address } },
 * });
 * ```
 */
export class DnsRecords extends Component {
  /** Full names of the hosts. */
  readonly hosts: pulumi.Output<string>[];

  constructor(name: string, args: DnsRecordsArgs, options?: pulumi.ComponentResourceOptions) {
    checkArguments(name, args);
    super("whisper:dns-records:DnsRecords", name, args, options);

    const records = Object.entries(args.records).map(([host, record]) =>
      this.#createRecord(name, args, host, record),
    );

    this.hosts = records.map(({ fqdn }) => fqdn);
    this.registerOutputs({ hosts: this.hosts });
  }

  #createRecord(
    name: string,
    { zone, ttlSeconds }: DnsRecordsArgs,
    host: string,
    { type, value }: DnsRecord,
  ): digitalocean.DnsRecord {
    const child = host === "@" ? "apex" : host;
    return new digitalocean.DnsRecord(
      `${name}-${child}-${type.toLowerCase()}`,
      { domain: zone.domain, name: host, type, value, ttl: ttlSeconds ?? 300 },
      { parent: this },
    );
  }
}

function checkArguments(name: string, args: DnsRecordsArgs): void {
  const checks = new ArgumentChecks(name);
  checks.range("ttlSeconds", args.ttlSeconds, 30, 86_400);
  for (const [host, { type, value }] of Object.entries(args.records)) {
    checks.check(
      `records.${host}`,
      host,
      (text) => text === "@" || /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_-]+)*$/.test(text),
      (text) => `has "${text}" for a host, which is no host's name`,
      'Write the part before the domain, as in "api", or "@" for the domain itself.',
    );
    checks.oneOf(`records.${host}.type`, type, ["A", "AAAA", "CNAME"]);
    if (type !== "CNAME") continue;
    checks.check(
      `records.${host}.value`,
      value,
      (target) => target.endsWith(".") && host !== "@",
      (target) => `is "${target}", which a CNAME cannot hold there`,
      "End the target's full name with a dot; the domain itself (@) cannot be a CNAME.",
    );
  }
  checks.throwIfAny();
}
