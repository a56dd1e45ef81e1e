import type { GeneratedType } from "../../generated/generated-type.ts";
import type { PlainValue } from "../../kit/values.ts";
import { seeded, shuffle, unpredictable } from "../dice.ts";
import { KEEPERS } from "../keepers.ts";

/** A list in a random order, cut off or repeated to the count asked for. Its id is always `-`. It cannot be imported. */
export const randomShuffle: GeneratedType = {
  token: "random:index/randomShuffle:RandomShuffle",
  inputs: {
    inputs: { kind: "strings", required: true },
    keepers: KEEPERS,
    resultCount: { kind: "integer", minimum: 0 },
    seed: { kind: "string" },
  },
  generatedOutputs: ["results"],
  generate: (inputs) => {
    const items = inputs.inputs as PlainValue[];
    const seed = String(inputs.seed ?? "");
    const dice = seed === "" ? unpredictable : seeded(seed);
    const count = items.length === 0 ? 0 : Number(inputs.resultCount ?? items.length);
    const results: PlainValue[] = [];
    while (results.length < count) results.push(...shuffle(items, dice));
    return { id: "-", outputs: { results: results.slice(0, count) } };
  },
};
