import type { InputRule, PlainInputs } from "../../generated/generated-type.ts";
import type { CheckFailure } from "../../kit/errors.ts";
import { SUBJECT_PARTS, USES } from "../vocabulary.ts";

/** The inputs that say whom a certificate is for. */
export const NAMES: Readonly<Record<string, InputRule>> = {
  dnsNames: { kind: "strings" },
  ipAddresses: { kind: "strings" },
  subject: { kind: "object" },
  uris: { kind: "strings" },
};

/** The inputs that all certificates share. */
export const CERTIFICATE_INPUTS: Readonly<Record<string, InputRule>> = {
  allowedUses: { kind: "strings", required: true },
  // Decides when it is renewed, and stands in no certificate.
  earlyRenewalHours: { kind: "integer", minimum: 0, default: 0, replaces: () => false },
  isCaCertificate: { kind: "boolean", default: false },
  // Promised of every certificate by the vendor's schema, and given by its plugin only where it was asked for: older
  // states hold the -1 that stands for none.
  maxPathLength: {
    kind: "integer",
    minimum: -1,
    replaces: (before, after) => (before ?? -1) !== (after ?? -1),
  },
  setSubjectKeyId: { kind: "boolean", default: false },
  validityPeriodHours: { kind: "integer", required: true, minimum: 0 },
};

/** The outputs that all certificates share. */
export const CERTIFICATE_OUTPUTS = [
  "certPem",
  "readyForRenewal",
  "validityEndTime",
  "validityStartTime",
] as const;

/** Parts of a subject that there are not. */
export function subjectFaults({ subject }: PlainInputs): CheckFailure[] {
  if (typeof subject !== "object" || subject === null) return [];
  return Object.keys(subject)
    .filter((part) => !(part in SUBJECT_PARTS))
    .map((part) => ({
      path: ["subject", part],
      reason: `is no part of a subject; those are ${Object.keys(SUBJECT_PARTS).join(", ")}`,
    }));
}

/** Uses that there are not. */
export function useFaults({ allowedUses }: PlainInputs): CheckFailure[] {
  if (!Array.isArray(allowedUses)) return [];
  return allowedUses.flatMap((use, index) =>
    typeof use !== "string" || USES.includes(use)
      ? []
      : [{ path: ["allowedUses", index], reason: `is ${JSON.stringify(use)}; it can be ${USES.join(", ")}` }],
  );
}
