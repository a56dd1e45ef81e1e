import type { GeneratedType } from "../../generated/generated-type.ts";
import { algorithmOf, readKey } from "../keys.ts";
import { isDue } from "../renewal.ts";
import { CERTIFICATE_INPUTS, CERTIFICATE_OUTPUTS, useFaults } from "./names.ts";

/** A certificate that an authority of the program's own has signed. */
export const locallySignedCert: GeneratedType = {
  token: "tls:index/locallySignedCert:LocallySignedCert",
  inputs: {
    ...CERTIFICATE_INPUTS,
    caCertPem: { kind: "string", required: true },
    caPrivateKeyPem: { kind: "string", required: true },
    certRequestPem: { kind: "string", required: true },
  },
  generatedOutputs: [...CERTIFICATE_OUTPUTS, "caKeyAlgorithm"],
  secretOutputs: ["caPrivateKeyPem"],
  validate: useFaults,
  wornOut: { output: "readyForRenewal", isWornOut: isDue },
  generate: async (inputs) => {
    // Loaded by who makes one: the library is large, and a daemon that resumes what it has does not need it.
    const { signedByAuthority } = await import("../certificates.ts");
    const key = readKey(String(inputs.caPrivateKeyPem));
    const { id, outputs } = await signedByAuthority(inputs, key);
    return { id, outputs: { ...outputs, caKeyAlgorithm: algorithmOf(key) ?? "" } };
  },
};
