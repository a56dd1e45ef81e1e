import type { GeneratedType } from "../../generated/generated-type.ts";
import { ProviderError } from "../../kit/errors.ts";
import { uuid } from "../dice.ts";
import { KEEPERS } from "../keepers.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** 128 random bits in the form of a UUID. Its id is the UUID. Import: the UUID. */
export const randomUuid = uuidType("random:index/randomUuid:RandomUuid", "any");

/** A version 4 UUID. Its id is the UUID. Import: the UUID. */
export const randomUuid4 = uuidType("random:index/randomUuid4:RandomUuid4", 4);

/** A version 7 UUID: later ones sort after earlier ones. Its id is the UUID. Import: the UUID. */
export const randomUuid7 = uuidType("random:index/randomUuid7:RandomUuid7", 7);

function uuidType(token: string, version: "any" | 4 | 7): GeneratedType {
  return {
    token,
    inputs: { keepers: KEEPERS },
    generatedOutputs: ["result"],
    generate: () => {
      const result = uuid(version);
      return { id: result, outputs: { result } };
    },
    import: (given) => {
      if (!UUID.test(given)) {
        throw new ProviderError(`${token} is imported by the UUID itself; ${JSON.stringify(given)} is none`);
      }
      const result = given.toLowerCase();
      return { id: result, inputs: {}, outputs: { result } };
    },
  };
}
