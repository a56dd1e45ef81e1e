import { type Fields, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";

const inputs: Fields = {
  name: name(),
  publicKey: string({
    required: true,
    replaces: true,
    pattern: [/^(ssh-|ecdsa-|sk-)\S+ \S+/, 'is no public key in OpenSSH\'s format ("ssh-ed25519 AAAA...")'],
    same: (one, other) => String(one).trim() === String(other).trim(),
  }),
};

/** A public key that can be put on droplets. */
export const sshKey: ResourceDefinition = {
  token: resourceToken("SshKey"),
  noun: "an SSH key",
  inputs,
  outputs: { fingerprint: string() },
  operations: rest({
    inputs,
    path: "/v2/account/keys",
    one: "ssh_key",
    many: "ssh_keys",
    identity: ["name", "public_key"],
    change: { method: "PUT", body: (news) => pickWire(inputs, news, ["name"]) },
  }),
};
