import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import type { FirewallMembership } from "../joints.ts";
import { type FirewallRule, faultsOfRules, portRangeOf } from "./rules.ts";

/** Arguments of a {@link Firewall}. */
export interface FirewallArgs {
  /**
   * Who may reach the members. What no rule names is refused.
   * @default nobody
   * @example [{ protocol: "tcp", ports: 22, peers: ["203.0.113.0/24"], purpose: "operators" }]
   */
  readonly inbound?: readonly FirewallRule[];

  /**
   * Whom the members may reach. What no rule names is refused.
   * @default nobody
   * @example [{ protocol: "tcp", ports: 443, peers: ["0.0.0.0/0", "::/0"], purpose: "images and objects" }]
   */
  readonly outbound?: readonly FirewallRule[];
}

/**
 * A cloud firewall for whatever bears its tag. It keeps no list of droplets: a droplet that is made with the
 * tag of {@link membership} is behind the firewall from its first second.
 *
 * ### Cost
 * Free.
 *
 * @example
 * ```ts
 * const { membership } = new Firewall("whisper-staging-gpu-firewall", {
 *   inbound: [{ protocol: "tcp", ports: 22, peers: ["203.0.113.0/24"], purpose: "operators" }],
 * });
 * ```
 */
export class Firewall extends Component {
  /** The tag that puts a droplet behind this firewall. */
  readonly membership: FirewallMembership;

  constructor(name: string, args: FirewallArgs, options?: pulumi.ComponentResourceOptions) {
    checkRules(name, args);
    super("whisper:firewall:Firewall", name, args, options);

    const tag = new digitalocean.Tag(`${name}-members`, { name: `${name}-members` }, { parent: this });
    const firewall = this.#createFirewall(name, args, tag);

    // Whoever takes the tag thereby waits for the firewall: no droplet is up for a moment without it.
    // Its URN, unlike its id, is known in a preview, so the tag is too.
    const tagOnceGuarded = pulumi.all([tag.name, firewall.urn]).apply(([tagName]) => tagName);
    this.membership = { tag: tagOnceGuarded, inbound: args.inbound ?? [] };
    this.registerOutputs({ membership: this.membership });
  }

  #createFirewall(name: string, args: FirewallArgs, tag: digitalocean.Tag): digitalocean.Firewall {
    return new digitalocean.Firewall(
      `${name}-rules`,
      {
        name: `${name}-rules`,
        tags: [tag.name],
        inboundRules: (args.inbound ?? []).map(({ protocol, ports, peers }) => ({
          protocol,
          ...portRangeOf(ports),
          sourceAddresses: [...peers],
        })),
        outboundRules: (args.outbound ?? []).map(({ protocol, ports, peers }) => ({
          protocol,
          ...portRangeOf(ports),
          destinationAddresses: [...peers],
        })),
      },
      { parent: this },
    );
  }
}

function checkRules(name: string, args: FirewallArgs): void {
  const checks = new ArgumentChecks(name);
  checks.addAll("inbound", faultsOfRules(args.inbound ?? [], "inbound"));
  checks.addAll("outbound", faultsOfRules(args.outbound ?? [], "outbound"));
  checks.throwIfAny();
}
