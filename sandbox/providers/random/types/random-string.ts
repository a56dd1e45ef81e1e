import type { GeneratedType } from "../../generated/generated-type.ts";
import {
  CHARACTER_INPUTS,
  drawCharacters,
  importedCharacters,
  settleCharacters,
  validateCharacters,
} from "../characters.ts";

/** A string of random characters that may be seen. Its id is the string. Import: the string. */
export const randomString: GeneratedType = {
  token: "random:index/randomString:RandomString",
  inputs: CHARACTER_INPUTS,
  generatedOutputs: ["result"],
  settle: settleCharacters,
  validate: validateCharacters,
  generate: (inputs) => {
    const result = drawCharacters(inputs);
    return { id: result, outputs: { result } };
  },
  import: (id) => ({ id, inputs: importedCharacters(id), outputs: { result: id } }),
};
