import type { PlainInputs } from "../generated/generated-type.ts";

const hourMs = 3_600_000;

/** Whether a certificate's end, or the time before it in which it is renewed, has come. */
export function isDue(outputs: PlainInputs, inputs: PlainInputs): boolean {
  const end = Date.parse(String(outputs.validityEndTime ?? ""));
  return Date.now() >= end - Number(inputs.earlyRenewalHours ?? 0) * hourMs;
}
