import type { GeneratedType } from "../../generated/generated-type.ts";
import { type Dice, unpredictable } from "../dice.ts";
import { KEEPERS } from "../keepers.ts";
import { ADJECTIVES, ADVERBS, ANIMALS } from "../pet-words.ts";

/** A name that people remember, `merry-otter`. Its id is the name. It cannot be imported. */
export const randomPet: GeneratedType = {
  token: "random:index/randomPet:RandomPet",
  inputs: {
    keepers: KEEPERS,
    length: { kind: "integer", minimum: 1, default: 2 },
    prefix: { kind: "string" },
    separator: { kind: "string", default: "-" },
  },
  generatedOutputs: [],
  generate: (inputs) => {
    const separator = String(inputs.separator);
    const prefix = String(inputs.prefix ?? "");
    const words = petWords(Number(inputs.length), unpredictable);
    return { id: (prefix === "" ? words : [prefix, ...words]).join(separator), outputs: {} };
  },
};

/** One word is an animal, a second one says what it is like, and those before say how much so. */
function petWords(length: number, dice: Dice): string[] {
  const pick = (words: readonly string[]) => words[dice(words.length)] ?? "";
  return Array.from({ length }, (_, place) => {
    if (place === length - 1) return pick(ANIMALS);
    return pick(place === length - 2 ? ADJECTIVES : ADVERBS);
  });
}
