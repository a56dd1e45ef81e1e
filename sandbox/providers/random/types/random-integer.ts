import type { GeneratedType } from "../../generated/generated-type.ts";
import { ProviderError } from "../../kit/errors.ts";
import { seeded, unpredictable } from "../dice.ts";
import { KEEPERS } from "../keepers.ts";

const IMPORT_FORM = /^(-?\d+),(-?\d+),(-?\d+)(?:,([^,]*))?$/;

/** A whole number from min to max, both included. Its id is the number. Import: `result,min,max` or `result,min,max,seed`. */
export const randomInteger: GeneratedType = {
  token: "random:index/randomInteger:RandomInteger",
  inputs: {
    keepers: KEEPERS,
    max: { kind: "integer", required: true },
    min: { kind: "integer", required: true },
    seed: { kind: "string" },
  },
  generatedOutputs: ["result"],
  validate: ({ min, max }) =>
    typeof min === "number" && typeof max === "number" && max < min
      ? [{ path: ["min"], reason: `must not be more than max (${max}), is ${min}` }]
      : [],
  generate: (inputs) => {
    const min = Number(inputs.min);
    const seed = String(inputs.seed ?? "");
    const dice = seed === "" ? unpredictable : seeded(seed);
    const result = min + dice(Number(inputs.max) - min + 1);
    return { id: String(result), outputs: { result } };
  },
  import: (id) => {
    const parts = IMPORT_FORM.exec(id);
    if (parts === null) {
      throw new ProviderError(
        `RandomInteger is imported by result,min,max or result,min,max,seed; ${JSON.stringify(id)} is neither`,
      );
    }
    const [result = "", min, max, seed] = parts.slice(1);
    return {
      id: result,
      inputs: { min: Number(min), max: Number(max), ...(seed === undefined ? {} : { seed }) },
      outputs: { result: Number(result) },
    };
  },
};
