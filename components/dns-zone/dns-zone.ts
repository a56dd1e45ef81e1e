import { createHash } from "node:crypto";
import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { CertificateReference, DnsZoneReference } from "../joints.ts";

/** Arguments of a {@link DnsZone}. */
export interface DnsZoneArgs {
  /**
   * The domain, whose registrar must name DigitalOcean's name servers.
   *
   * Caution: a change replaces the zone with all its records, and the certificate.
   * @example "staging.whisper.example.com"
   */
  readonly domain: string;

  /**
   * Hosts of the domain that the certificate covers besides the domain itself.
   *
   * Caution: a change replaces the certificate; the new one is there before the old goes.
   * @default ["*"]: every host
   * @example ["api", "www"]
   */
  readonly certificateHosts?: readonly string[];
}

/** Records of a domain that sends no mail and has one certificate authority. */
const hygiene = {
  caa: { type: "CAA", name: "@", value: "letsencrypt.org.", flags: 0, tag: "issue" },
  "caa-wildcard": { type: "CAA", name: "@", value: "letsencrypt.org.", flags: 0, tag: "issuewild" },
  spf: { type: "TXT", name: "@", value: "v=spf1 -all" },
  dmarc: { type: "TXT", name: "_dmarc", value: "v=DMARC1; p=reject; adkim=s; aspf=s" },
} as const;

const recordTtlSeconds = 3600;

/**
 * A domain in DigitalOcean's DNS, closed to other certificate authorities and to forged mail, and its
 * Let's Encrypt certificate, which DigitalOcean renews by itself as long as it serves the domain.
 *
 * What the domain points at comes later, with `DnsRecords`, because the edge needs the certificate first.
 *
 * ### Cost
 * Free.
 *
 * @example
 * ```ts
 * const dns = new DnsZone("whisper-staging-dns", { domain: "whisper.example.com" });
 * ```
 */
export class DnsZone extends Component {
  readonly zone: DnsZoneReference;
  readonly certificate: CertificateReference;
  /** The zone's URN in DigitalOcean's sense. */
  readonly domainUrn: pulumi.Output<string>;

  constructor(name: string, args: DnsZoneArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkDnsZone(checks, args) });
    super("whisper:dns-zone:DnsZone", name, args, options);

    const domain = new digitalocean.Domain(`${name}-domain`, { name: args.domain }, { parent: this });
    const records = this.#createHygiene(name, domain);
    const certificate = this.#createCertificate(name, args, domain, records);

    this.zone = { domain: domain.name };
    this.certificate = { name: certificate.name };
    this.domainUrn = domain.domainUrn;
    this.registerOutputs({ domain: this.zone.domain, certificate: this.certificate.name });
  }

  #createHygiene(name: string, domain: digitalocean.Domain): digitalocean.DnsRecord[] {
    return Object.entries(hygiene).map(
      ([key, record]) =>
        new digitalocean.DnsRecord(
          `${name}-${key}`,
          { domain: domain.name, ttl: recordTtlSeconds, ...record },
          { parent: this },
        ),
    );
  }

  #createCertificate(
    name: string,
    args: DnsZoneArgs,
    domain: digitalocean.Domain,
    records: digitalocean.DnsRecord[],
  ): digitalocean.Certificate {
    const hosts = args.certificateHosts ?? ["*"];
    return new digitalocean.Certificate(
      `${name}-certificate`,
      {
        name: `${name}-certificate-${fingerprintOf([args.domain, ...hosts])}`,
        type: "lets_encrypt",
        domains: [domain.name, ...hosts.map((host) => domain.name.apply((zone) => `${host}.${zone}`))],
      },
      // Let's Encrypt reads the CAA records: it must not look before they are there.
      { parent: this, dependsOn: records },
    );
  }
}

/**
 * What tells a certificate for other hosts from this one. Names of certificates are unique, and one that is served
 * cannot be deleted: under a name of its own the next one is there before this one goes.
 */
function fingerprintOf(hosts: readonly string[]): string {
  return createHash("sha256").update(hosts.join(" ")).digest("hex").slice(0, 6);
}

/** Finds what is wrong with a {@link DnsZone}'s arguments. */
export function checkDnsZone(checks: ArgumentChecks, args: Partial<DnsZoneArgs>): void {
  checks.check(
    "domain",
    args.domain,
    (text) => text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(text),
    (text) => `is "${text}", which is no domain name`,
    "Write it in lower case and in full, as in staging.whisper.example.com.",
  );
  for (const [index, host] of (args.certificateHosts ?? []).entries()) {
    checks.check(
      `certificateHosts[${index}]`,
      host,
      (text) => text === "*" || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text),
      (text) => `is "${text}", which is no host's name`,
      'Write the part before the domain, as in "api", or "*" for every host.',
    );
  }
}
