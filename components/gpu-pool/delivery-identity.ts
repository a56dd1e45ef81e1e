import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

/** By what a pool's droplets know who delivers their secrets, and he them. */
export interface DeliveryIdentity {
  /** In user data, to let him in. */
  readonly publicKey: pulumi.Output<string>;
  /** Secret. */
  readonly privateKey: pulumi.Output<string>;
  /**
   * Tag that droplets are born with. A machine reads its tags from its own metadata, so that whoever tells this one is a
   * droplet of the pool; it opens nothing by itself.
   */
  readonly mark: pulumi.Output<string>;
}

/** Of the length that every key of this kind has, for what has to be measured before the key is known. */
export const sampleDeliveryKey = `ssh-ed25519 ${"A".repeat(68)}`;

/** Draws a pool's identity. It is that of all its generations, so that they can stand beside each other. */
export function createDeliveryIdentity(name: string, parent: pulumi.Resource): DeliveryIdentity {
  const key = new tls.PrivateKey(`${name}-delivery-key`, { algorithm: "ED25519" }, { parent });
  const mark = new random.RandomId(`${name}-mark`, { byteLength: 16 }, { parent });
  return {
    publicKey: key.publicKeyOpenssh,
    privateKey: key.privateKeyOpenssh,
    mark: mark.hex.apply((hex) => `mark:${hex}`),
  };
}
