import type { GeneratedType } from "../../generated/generated-type.ts";
import { randomBytes } from "./random-bytes.ts";
import { randomId } from "./random-id.ts";
import { randomInteger } from "./random-integer.ts";
import { randomPassword } from "./random-password.ts";
import { randomPet } from "./random-pet.ts";
import { randomShuffle } from "./random-shuffle.ts";
import { randomString } from "./random-string.ts";
import { randomUuid, randomUuid4, randomUuid7 } from "./random-uuid.ts";

/** Every type of the package. */
export const RANDOM_TYPES: readonly GeneratedType[] = [
  randomBytes,
  randomId,
  randomInteger,
  randomPassword,
  randomPet,
  randomShuffle,
  randomString,
  randomUuid,
  randomUuid4,
  randomUuid7,
];
