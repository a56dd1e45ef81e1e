import { randomBytes } from "node:crypto";
import type { Generated, GeneratedType } from "../../generated/generated-type.ts";
import { ProviderError } from "../../kit/errors.ts";
import { KEEPERS } from "../keepers.ts";

/** Random bytes that may be seen, in several notations, each behind the prefix. Import: `base64url` or `prefix,base64url`. */
export const randomId: GeneratedType = {
  token: "random:index/randomId:RandomId",
  inputs: {
    byteLength: { kind: "integer", required: true, minimum: 1 },
    keepers: KEEPERS,
    prefix: { kind: "string" },
  },
  generatedOutputs: ["b64Std", "b64Url", "dec", "hex"],
  generate: (inputs) => encode(randomBytes(Number(inputs.byteLength)), String(inputs.prefix ?? "")),
  import: (given) => {
    const comma = given.lastIndexOf(",");
    const prefix = given.slice(0, Math.max(comma, 0));
    const id = given.slice(comma + 1);
    const bytes = Buffer.from(id, "base64url");
    if (id === "" || bytes.toString("base64url") !== id) {
      throw new ProviderError(
        `RandomId is imported by the bytes in base64url, or by prefix,base64url; ${JSON.stringify(given)} is neither`,
      );
    }
    const inputs = { byteLength: bytes.length, ...(prefix === "" ? {} : { prefix }) };
    return { ...encode(bytes, prefix), inputs };
  },
};

function encode(bytes: Buffer, prefix: string): Generated {
  const id = bytes.toString("base64url");
  const hex = bytes.toString("hex");
  return {
    id,
    outputs: {
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + id,
      dec: prefix + BigInt(`0x${hex}`).toString(),
      hex: prefix + hex,
    },
  };
}
