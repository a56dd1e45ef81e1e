import bcrypt from "bcryptjs";
import type { GeneratedType } from "../../generated/generated-type.ts";
import {
  CHARACTER_INPUTS,
  drawCharacters,
  importedCharacters,
  settleCharacters,
  validateCharacters,
} from "../characters.ts";

/** What bcrypt reads of its input; the rest is cut off, as the vendor does. */
const BCRYPT_BYTES = 72;
const BCRYPT_ROUNDS = 10;

/** A string of random characters that is secret, with its bcrypt hash. Its id is always `none`. Import: the password. */
export const randomPassword: GeneratedType = {
  token: "random:index/randomPassword:RandomPassword",
  inputs: CHARACTER_INPUTS,
  generatedOutputs: ["bcryptHash", "result"],
  secretOutputs: ["bcryptHash", "result"],
  settle: settleCharacters,
  validate: validateCharacters,
  generate: async (inputs) => password(drawCharacters(inputs)),
  import: async (id) => ({ ...(await password(id)), inputs: importedCharacters(id) }),
};

async function password(result: string) {
  return { id: "none", outputs: { result, bcryptHash: await hash(result) } };
}

async function hash(text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const hashed = await bcrypt.hash(bytes.length > BCRYPT_BYTES ? firstCharacters(text) : text, BCRYPT_ROUNDS);
  // Go's library, which the vendor uses, writes the older name of the same algorithm.
  return hashed.replace("$2b$", () => "$2a$");
}

/** As many whole characters as fit: a character cut in two would not be text any more. */
function firstCharacters(text: string): string {
  let kept = "";
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > BCRYPT_BYTES) break;
    kept += character;
  }
  return kept;
}
