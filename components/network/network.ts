import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import type { AddressPlan, NetworkPlacement } from "../joints.ts";
import { checkRegion } from "../region.ts";
import { faultsOfBlock, faultsOfNeighbours, planAddresses } from "./addresses.ts";

/** Arguments of a {@link Network}. */
export interface NetworkArgs {
  /**
   * Region of the network and of everything in it.
   *
   * Caution: a change replaces the network, and with it everything in it.
   * @example "tor1"
   */
  readonly region: pulumi.Input<string>;

  /**
   * Block of private addresses for the environment, /8 to /14, from which the ranges of the VPC, the pods and
   * the services are cut. Give each environment its own, so that two can be joined one day.
   *
   * Caution: a change replaces the network, and with it everything in it.
   * @example "10.16.0.0/14"
   */
  readonly addressBlock: string;

  /**
   * Blocks of the networks that this one may be joined with one day, by name: the other environments', an office's.
   * None may have an address in common with {@link addressBlock}.
   * @default none
   * @example { production: "10.20.0.0/14" }
   */
  readonly neighbours?: Readonly<Record<string, string>>;

  /**
   * What the network is for, shown in the control panel.
   * @default the network's name says it
   */
  readonly description?: pulumi.Input<string>;

  /**
   * Whether members leave through one NAT gateway, with one address that others can allow.
   * @default false: each member leaves through its own public address
   */
  readonly natGateway?: boolean;
}

/**
 * A private network (VPC) with a plan of addresses that cannot collide, and a NAT gateway where wanted.
 *
 * Droplets and Kubernetes nodes share the VPC's own range (DigitalOcean has no subnets); pods and services
 * have ranges of their own, which the cluster takes from the joint. What boots in the network and has no
 * public address of its own should have the `Network` in its `dependsOn`, so that the way out is there.
 *
 * ### Cost
 * A VPC is free. A NAT gateway of size 1 is 40 $ a month with 100 GiB of transfer included.
 * Production: 1 x 40 = 40 $ a month.
 *
 * @example
 * ```ts
 * const network = new Network("whisper-staging-network", {
 *   region: "tor1", addressBlock: "10.16.0.0/14", natGateway: true,
 * });
 * ```
 */
export class Network extends Component {
  /** Where other components put what they make. */
  readonly placement: NetworkPlacement;
  /** The VPC's URN in DigitalOcean's sense. */
  readonly vpcUrn: pulumi.Output<string>;
  /** Public addresses from which members reach the internet; empty without a NAT gateway. */
  readonly egressAddresses: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    const addresses = settleAddresses(name, args);
    super("whisper:network:Network", name, args, options);

    const vpc = this.#createVpc(name, args, addresses);
    const gateway = args.natGateway ? this.#createNatGateway(name, vpc) : undefined;

    this.placement = {
      region: vpc.region,
      vpcId: vpc.id,
      addresses,
      hasNatGateway: gateway !== undefined,
    };
    this.vpcUrn = vpc.vpcUrn;
    this.egressAddresses = addressesOf(gateway);
    this.registerOutputs({ placement: this.placement, egressAddresses: this.egressAddresses });
  }

  #createVpc(name: string, args: NetworkArgs, addresses: AddressPlan): digitalocean.Vpc {
    return new digitalocean.Vpc(
      `${name}-vpc`,
      {
        name: `${name}-vpc`,
        region: args.region,
        ipRange: addresses.vpc,
        ...(args.description !== undefined && { description: args.description }),
      },
      { parent: this },
    );
  }

  #createNatGateway(name: string, vpc: digitalocean.Vpc): digitalocean.VpcNatGateway {
    return new digitalocean.VpcNatGateway(
      `${name}-nat`,
      {
        name: `${name}-nat`,
        type: "PUBLIC",
        region: vpc.region,
        size: 1,
        vpcs: [{ vpcUuid: vpc.id, defaultGateway: true }],
      },
      { parent: this },
    );
  }
}

function settleAddresses(name: string, args: NetworkArgs): AddressPlan {
  const checks = new ArgumentChecks(name);
  checkNetwork(checks, args);
  checks.throwIfAny();
  return planAddresses(args.addressBlock);
}

/** Finds what is wrong with a {@link Network}'s arguments. */
export function checkNetwork(checks: ArgumentChecks, args: NetworkArgs): void {
  checkRegion(checks, args.region, args.natGateway ? "natGateway" : "available");
  checks.addAll("addressBlock", faultsOfBlock(args.addressBlock));
  checks.addAll("neighbours", faultsOfNeighbours(args.addressBlock, args.neighbours ?? {}));
}

function addressesOf(gateway: digitalocean.VpcNatGateway | undefined): pulumi.Output<string[]> {
  if (!gateway) return pulumi.output([]);
  return gateway.egresses.apply((egresses) =>
    egresses.flatMap(({ publicGateways }) => publicGateways?.flatMap(({ ipv4 }) => ipv4 ?? []) ?? []),
  );
}
