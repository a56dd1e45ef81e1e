import type { GeneratedType } from "../../generated/generated-type.ts";
import { ALGORITHMS, CURVES, drawKey, formsOf } from "../keys.ts";

/** A private key, in every form that somebody may want. The vendor's default curve, P224, is not drawn here. */
export const privateKey: GeneratedType = {
  token: "tls:index/privateKey:PrivateKey",
  inputs: {
    algorithm: { kind: "string", required: true },
    ecdsaCurve: { kind: "string", default: "P224" },
    rsaBits: { kind: "integer", minimum: 1024, default: 2048 },
  },
  generatedOutputs: [
    "privateKeyOpenssh",
    "privateKeyPem",
    "privateKeyPemPkcs8",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
    "publicKeyOpenssh",
    "publicKeyPem",
  ],
  secretOutputs: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  validate: ({ algorithm, ecdsaCurve }) => {
    if (typeof algorithm === "string" && !ALGORITHMS.some((known) => known === algorithm)) {
      return [{ path: ["algorithm"], reason: `must be one of ${ALGORITHMS.join(", ")}, is ${algorithm}` }];
    }
    if (algorithm === "ECDSA" && !(String(ecdsaCurve ?? "P224") in CURVES)) {
      const curves = Object.keys(CURVES).join(", ");
      const reason = `must be one of ${curves} in the sandbox, is ${ecdsaCurve ?? "P224, the default"}`;
      return [{ path: ["ecdsaCurve"], reason }];
    }
    return [];
  },
  generate: ({ algorithm, ecdsaCurve, rsaBits }) =>
    formsOf(drawKey(String(algorithm), String(ecdsaCurve), Number(rsaBits))),
};
