import { randomBytes as drawBytes } from "node:crypto";
import type { GeneratedType } from "../../generated/generated-type.ts";
import { ProviderError } from "../../kit/errors.ts";

/** Random bytes that are secret. Its id is their base64 form. Import: base64. */
export const randomBytes: GeneratedType = {
  token: "random:index/randomBytes:RandomBytes",
  inputs: {
    // Unlike its neighbours, this type of the vendor's tells an empty map from none.
    keepers: { kind: "map", replaces: () => true },
    length: { kind: "integer", required: true, minimum: 1 },
  },
  generatedOutputs: ["base64", "hex"],
  secretOutputs: ["base64", "hex"],
  generate: (inputs) => encode(drawBytes(Number(inputs.length))),
  import: (id) => {
    const bytes = Buffer.from(id, "base64");
    if (id === "" || bytes.toString("base64") !== id) {
      throw new ProviderError("RandomBytes is imported by the bytes in base64; the id given is not base64");
    }
    return { ...encode(bytes), inputs: { length: bytes.length } };
  },
};

function encode(bytes: Buffer) {
  const base64 = bytes.toString("base64");
  return { id: base64, outputs: { base64, hex: bytes.toString("hex") } };
}
