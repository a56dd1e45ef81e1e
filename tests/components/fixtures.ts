import * as pulumi from "@pulumi/pulumi";
import type { NetworkPlacement } from "../../components/joints.ts";
import type { Ownership } from "../../components/ownership.ts";

/** Whose everything is in the tests. */
export const ownership: Ownership = {
  environment: "staging",
  owner: "platform-team",
  costCentre: "transcription",
};

/** A network that exists already. Made anew for each run, as outputs belong to one. */
export function placement(): NetworkPlacement {
  return {
    region: pulumi.output("tor1"),
    vpcId: pulumi.output("vpc-id"),
    addresses: { vpc: "10.16.0.0/16", pods: "10.17.0.0/16", services: "10.18.0.0/20" },
    hasNatGateway: false,
  };
}
