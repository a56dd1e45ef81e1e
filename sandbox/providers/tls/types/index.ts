import type { GeneratedType } from "../../generated/generated-type.ts";
import { certRequest } from "./cert-request.ts";
import { locallySignedCert } from "./locally-signed-cert.ts";
import { privateKey } from "./private-key.ts";
import { selfSignedCert } from "./self-signed-cert.ts";

/** Every type of the package. */
export const TLS_TYPES: readonly GeneratedType[] = [
  certRequest,
  locallySignedCert,
  privateKey,
  selfSignedCert,
];
