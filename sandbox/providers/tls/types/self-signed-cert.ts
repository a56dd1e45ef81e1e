import type { GeneratedType } from "../../generated/generated-type.ts";
import { algorithmOf, readKey } from "../keys.ts";
import { isDue } from "../renewal.ts";
import { CERTIFICATE_INPUTS, CERTIFICATE_OUTPUTS, NAMES, subjectFaults, useFaults } from "./names.ts";

/** A certificate that its own key has signed. */
export const selfSignedCert: GeneratedType = {
  token: "tls:index/selfSignedCert:SelfSignedCert",
  inputs: {
    ...NAMES,
    ...CERTIFICATE_INPUTS,
    privateKeyPem: { kind: "string", required: true },
    setAuthorityKeyId: { kind: "boolean", default: false },
  },
  generatedOutputs: [...CERTIFICATE_OUTPUTS, "keyAlgorithm"],
  secretOutputs: ["privateKeyPem"],
  validate: (inputs) => [...subjectFaults(inputs), ...useFaults(inputs)],
  wornOut: { output: "readyForRenewal", isWornOut: isDue },
  generate: async (inputs) => {
    // Loaded by who makes one: the library is large, and a daemon that resumes what it has does not need it.
    const { selfSigned } = await import("../certificates.ts");
    const key = readKey(String(inputs.privateKeyPem));
    const { id, outputs } = await selfSigned(inputs, key);
    return { id, outputs: { ...outputs, keyAlgorithm: algorithmOf(key) ?? "" } };
  },
};
