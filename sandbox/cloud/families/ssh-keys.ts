import { createHash } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, unprocessable } from "../errors.ts";
import type { Family } from "../family.ts";

interface SshKey {
  readonly id: number;
  readonly fingerprint: string;
  readonly public_key: string;
  name: string;
}

interface SshKeyDocument extends SshKey {
  readonly createdAt: string;
}

const collection = (store: Store) => store.collection<SshKeyDocument>("ssh_keys");

const keyTypes = [
  "ssh-rsa",
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

const name = z.string().min(1);
const createKey = z.strictObject({ name, public_key: z.string() });
const updateKey = z.strictObject({ name });

/** The key's wire form, whose own header must name the type that stands before it. */
function decode(publicKey: string): Buffer {
  const [type = "", encoded = ""] = publicKey.trim().split(/\s+/);
  const blob = Buffer.from(encoded, "base64");
  const headerLength = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  const header = blob.subarray(4, 4 + headerLength).toString();
  if (!keyTypes.includes(type) || header !== type) {
    throw unprocessable(
      "public_key: Key invalid: it must be an OpenSSH public key, type and base64 on one line",
    );
  }
  return blob;
}

/** MD5 in pairs of hex digits, which is how the API names keys. */
function fingerprintOf(blob: Buffer): string {
  const digest = createHash("md5").update(blob).digest("hex");
  return digest.replaceAll(/(..)(?!$)/g, "$1:");
}

/** The key with this id or fingerprint, if there is one. */
export function findSshKey(store: Store, identifier: string | number): SshKey | undefined {
  return collection(store)
    .list()
    .find((key) => String(key.id) === String(identifier) || key.fingerprint === identifier);
}

function existing(cloud: Cloud, identifier: string): SshKeyDocument {
  const key = found(findSshKey(cloud.store, identifier));
  return found(collection(cloud.store).get(String(key.id)));
}

const present = ({ createdAt: _bookkeeping, ...key }: SshKeyDocument): SshKey => key;

const list = endpoint({
  method: "GET",
  path: "/v2/account/keys",
  handle: ({ cloud, page }) => page("ssh_keys", collection(cloud.store).list().map(present)),
});

const create = endpoint({
  method: "POST",
  path: "/v2/account/keys",
  body: createKey,
  handle: ({ cloud, body }) => {
    const fingerprint = fingerprintOf(decode(body.public_key));
    if (findSshKey(cloud.store, fingerprint) !== undefined) {
      throw unprocessable("public_key: SSH Key is already in use on your account");
    }
    const id = cloud.store.nextInteger("ssh_keys", 512_189);
    const key = { id, fingerprint, ...body, createdAt: cloud.timestamp() };
    collection(cloud.store).put(String(id), key);
    return { ssh_key: present(key) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/account/keys/{ssh_key_identifier}",
  handle: ({ cloud, params }) => ({ ssh_key: present(existing(cloud, params.ssh_key_identifier)) }),
});

const update = endpoint({
  method: "PUT",
  path: "/v2/account/keys/{ssh_key_identifier}",
  body: updateKey,
  handle: ({ cloud, params, body }) => {
    const key = { ...existing(cloud, params.ssh_key_identifier), name: body.name };
    collection(cloud.store).put(String(key.id), key);
    return { ssh_key: present(key) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/account/keys/{ssh_key_identifier}",
  handle: async ({ cloud, params }) => {
    const id = String(existing(cloud, params.ssh_key_identifier).id);
    collection(cloud.store).delete(id);
    await cloud.forget({ kind: "ssh_keys", id });
  },
});

/** Public keys that droplets are created with. */
export const sshKeys: Family = {
  name: "ssh keys",
  endpoints: [list, create, read, update, remove],
  resources: (store) =>
    collection(store)
      .list()
      .map((key) => ({ kind: "ssh_keys", id: String(key.id), name: key.name, createdAt: key.createdAt })),
};
