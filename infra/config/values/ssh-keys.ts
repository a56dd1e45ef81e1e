import { z } from "zod";
import { guided, refuse } from "../guidance.ts";

/** Type, the key itself in base64, and whatever its owner wrote behind it. */
const publicKeyLine =
  /^(?<type>ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) (?<key>[A-Za-z0-9+/]{40,}={0,2})( .*)?$/;

export const sshPublicKey = guided(
  z
    .string()
    .regex(publicKeyLine, { abort: true })
    .superRefine((line, context) => {
      const { type = "", key = "" } = publicKeyLine.exec(line)?.groups ?? {};
      if (firstString(Buffer.from(key, "base64")) !== type) {
        refuse(
          context,
          `is "${line}", which says ${type} and holds no such key`,
          "Copy the line anew, whole, from the file whose name ends in .pub: nobody could sign in with this one.",
        );
      }
    }),
  {
    expects: "the one line of an OpenSSH public key",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI... ada@example.com",
  },
);

/** The string that a key begins with, which is its type: four bytes of length, and its letters (RFC 4253, 6.6). */
function firstString(blob: Buffer): string {
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
}
