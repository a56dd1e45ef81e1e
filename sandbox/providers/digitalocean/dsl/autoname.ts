import { createHash, randomBytes } from "node:crypto";
import type { CheckRequest, PropertyMap } from "../../kit/index.ts";
import { filledInBefore } from "./defaults.ts";
import type { Fields } from "./fields.ts";

/** Seven hexadecimal digits, as the vendor's bridge appends them. */
const SUFFIX_DIGITS = 7;

/**
 * The inputs with a cloud name where the program gives none: the one it got before, else what the project's settings
 * propose, else the logical name with a random suffix. The engine's seed makes preview and update agree.
 */
export function withAutoname(fields: Fields, request: CheckRequest): PropertyMap {
  const { inputs, oldInputs, autonaming } = request;
  const field = fields.name;
  if (field?.kind !== "string" || !field.autoname || (inputs.name ?? undefined) !== undefined) return inputs;
  const previous = oldInputs?.name;
  if (previous !== undefined && isAutonamed(oldInputs)) return { ...inputs, name: previous };
  if (autonaming?.mode === "disable") return inputs;
  if (autonaming !== undefined && autonaming.proposedName !== "")
    return { ...inputs, name: autonaming.proposedName };
  const name = `${request.name}-${suffix(request.randomSeed)}`.slice(-(field.maxLength ?? 255));
  return { ...inputs, name };
}

/** Whether the name in these checked inputs was made up. */
export function isAutonamed(inputs: PropertyMap | undefined): boolean {
  return filledInBefore(inputs).includes("name");
}

function suffix(seed: Uint8Array): string {
  const digits = seed.length === 0 ? randomBytes(SUFFIX_DIGITS) : createHash("sha256").update(seed).digest();
  return Buffer.from(digits).toString("hex").slice(0, SUFFIX_DIGITS);
}
