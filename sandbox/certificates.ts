/** Certificates of the sandbox's own authorities: what Kubernetes and the managed stores have in common. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEARS_VALID = 10;
/** Clocks of two machines that share a folder differ a little. */
const BACKDATED_MS = 5 * 60 * 1000;

/** A certificate with its key, both in PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** A subject as Kubernetes reads it: common name = user, organisation = group. */
export interface Subject {
  commonName: string;
  organization?: string;
}

/** Who signs certificates. */
export interface Issuer {
  certificate: X509Certificate;
  keys: { publicKey: webcrypto.CryptoKey; privateKey: webcrypto.CryptoKey };
}

/** By what a server is called. */
export interface ServerNames {
  dnsNames: string[];
  ipAddresses: string[];
}

/** Makes an authority that signs what {@link issue} is asked for. */
export async function createAuthority(commonName: string): Promise<Issuer> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: distinguishedName({ commonName }),
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

/** A certificate with a key of its own, signed by the issuer. */
export async function issue(subject: Subject, issuer: Issuer, extensions: Extension[]): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: distinguishedName(subject),
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...extensions,
    ],
  });
  return toPem({ certificate, keys });
}

export function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Date.now() - BACKDATED_MS);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS_VALID);
  return { notBefore, notAfter };
}

function distinguishedName({ commonName, organization }: Subject) {
  return [{ CN: [commonName] }, ...(organization === undefined ? [] : [{ O: [organization] }])];
}

/** The certificate of a server that is called by these names. */
export function issueServing(commonName: string, issuer: Issuer, names: ServerNames): Promise<KeyPair> {
  return issue({ commonName }, issuer, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension([
      ...names.dnsNames.map((value) => ({ type: "dns" as const, value })),
      ...names.ipAddresses.map((value) => ({ type: "ip" as const, value })),
    ]),
  ]);
}

/** The issuer of which this was the PEM. */
export async function fromPem({ certificate: pem, key }: KeyPair): Promise<Issuer> {
  const certificate = new X509Certificate(pem);
  const [encoded] = PemConverter.decode(key);
  if (encoded === undefined) throw new Error("The key of an authority holds no PEM block.");
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", encoded, ALGORITHM, false, ["sign"]),
    certificate.publicKey.export(ALGORITHM, ["verify"]),
  ]);
  return { certificate, keys: { privateKey, publicKey } };
}

export async function toPem({ certificate, keys }: Issuer): Promise<KeyPair> {
  return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

export async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", keys.privateKey),
    PemConverter.PrivateKeyTag,
  );
}
