import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { CertificateReference, DnsZoneReference } from "../joints.ts";

/** How long DigitalOcean's edge can be told to keep a file. */
const ttlChoices = [60, 600, 3600, 86_400, 604_800];

/** Arguments of a {@link Cdn}. */
export interface CdnArgs {
  /**
   * Domain of the bucket whose public objects are served: those that were uploaded with the ACL `public-read`. The bucket
   * itself stays private.
   *
   * Caution: a change replaces the endpoint.
   * @example static.bucketDomain
   */
  readonly origin: pulumi.Input<string>;

  /** The zone in which the endpoint gets a name of its own. */
  readonly zone: DnsZoneReference;

  /**
   * Host under which the files are served.
   * @default "static"
   */
  readonly host?: pulumi.Input<string>;

  /** The certificate of that host. */
  readonly certificate: CertificateReference;

  /**
   * How long the edge keeps a file before it asks the bucket again: 60, 600, 3600, 86400 or 604800.
   * @default 3600
   */
  readonly ttlSeconds?: number;
}

/**
 * Static files served from DigitalOcean's edge, under a name of ours.
 *
 * ### Cost
 * Included with Spaces; outbound transfer counts as the bucket's.
 *
 * @example
 * ```ts
 * new Cdn("whisper-staging-cdn", {
 *   origin: assets.bucketDomain, zone: dns.zone, certificate: dns.certificate,
 * });
 * ```
 */
export class Cdn extends Component {
  /** `https://<host>.<domain>` */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: CdnArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkCdn(checks, args) });
    super("whisper:cdn:Cdn", name, args, options);

    const endpoint = this.#createEndpoint(name, args);

    this.url = pulumi.interpolate`https://${endpoint.customDomain}`;
    this.registerOutputs({ url: this.url });
  }

  #createEndpoint(name: string, args: CdnArgs): digitalocean.Cdn {
    return new digitalocean.Cdn(
      `${name}-endpoint`,
      {
        origin: args.origin,
        customDomain: pulumi.interpolate`${args.host ?? "static"}.${args.zone.domain}`,
        certificateName: args.certificate.name,
        ttl: args.ttlSeconds ?? 3600,
      },
      { parent: this },
    );
  }
}

/** Of a {@link Cdn}'s arguments, what is decided by care. */
export type CdnSizing = Pick<CdnArgs, "host" | "ttlSeconds">;

/** Finds what is wrong with a {@link Cdn}'s arguments. */
export function checkCdn(checks: ArgumentChecks, args: CdnSizing): void {
  checks.check(
    "ttlSeconds",
    args.ttlSeconds,
    (seconds) => ttlChoices.includes(seconds),
    (seconds) => `is ${seconds}, which the edge does not offer`,
    `Use one of ${ttlChoices.join(", ")}.`,
  );
  checks.check(
    "host",
    args.host,
    (host) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(host),
    (host) => `is "${host}", which is no name within the zone`,
    "Write one label of up to 63 lower-case letters, digits and inner hyphens, as in static: the zone's domain follows.",
  );
}
