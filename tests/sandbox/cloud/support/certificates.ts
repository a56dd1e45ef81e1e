import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";

/** What the clock of a test cloud says when it starts. */
const testNowMs = Date.parse("2026-11-21T09:00:00Z");
const dayMs = 86_400_000;

/** A certificate of its own making, and its key, both in PEM. */
export async function selfSigned(
  dnsName: string,
  validDays: number,
  nowMs = testNowMs,
): Promise<{ certificate: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${dnsName}`,
    notBefore: new Date(nowMs - 10 * dayMs),
    notAfter: new Date(nowMs + validDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: dnsName }])],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { certificate: certificate.toString("pem"), key: PemConverter.encode(key, "PRIVATE KEY") };
}
