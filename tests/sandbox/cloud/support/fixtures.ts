import type { TestCloud } from "./cloud.ts";

/** An SSH public key that nobody has the private half of. */
export const sshPublicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops@example.com";

/** Makes a droplet, and returns its id. */
export async function makeDroplet(cloud: TestCloud, body: object = {}): Promise<number> {
  const request = { name: "host", region: "fra1", size: "s-1vcpu-1gb", image: "debian-12-x64", ...body };
  return (await cloud.ok<{ droplet: { id: number } }>("POST", "/v2/droplets", request)).droplet.id;
}

/** Makes a VPC, and returns its id. */
export async function makeVpc(cloud: TestCloud, body: object = {}): Promise<string> {
  const request = { name: "network", region: "fra1", ...body };
  return (await cloud.ok<{ vpc: { id: string } }>("POST", "/v2/vpcs", request)).vpc.id;
}

/** Adds an SSH key, and returns its id and fingerprint. */
export async function makeSshKey(cloud: TestCloud): Promise<{ id: number; fingerprint: string }> {
  const request = { name: "ops", public_key: sshPublicKey };
  return (
    await cloud.ok<{ ssh_key: { id: number; fingerprint: string } }>("POST", "/v2/account/keys", request)
  ).ssh_key;
}
