import type { GeneratedType } from "../../generated/generated-type.ts";
import { algorithmOf, readKey } from "../keys.ts";
import { NAMES, subjectFaults } from "./names.ts";

/** A request by which an authority is asked for a certificate. */
export const certRequest: GeneratedType = {
  token: "tls:index/certRequest:CertRequest",
  inputs: { ...NAMES, privateKeyPem: { kind: "string", required: true } },
  generatedOutputs: ["certRequestPem", "keyAlgorithm"],
  secretOutputs: ["privateKeyPem"],
  validate: subjectFaults,
  generate: async (inputs) => {
    // Loaded by who makes one: the library is large, and a daemon that resumes what it has does not need it.
    const { requestFor } = await import("../certificates.ts");
    const key = readKey(String(inputs.privateKeyPem));
    const { id, pem } = await requestFor(inputs, key);
    return { id, outputs: { certRequestPem: pem, keyAlgorithm: algorithmOf(key) ?? "" } };
  },
};
