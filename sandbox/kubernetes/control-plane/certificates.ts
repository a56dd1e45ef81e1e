/** The public-key infrastructure of one cluster: who the API server is, and who may call it. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
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

/** What the programs of one control plane need to trust one another. */
export interface ClusterCertificates {
  /** Signs everything below except the front proxy's client. */
  authority: KeyPair;
  /** What the API server shows its callers. */
  serving: KeyPair;
  /** Signs {@link frontProxyClient} only. */
  frontProxyAuthority: KeyPair;
  /** With which the API server calls aggregated API servers. */
  frontProxyClient: KeyPair;
  controllerManager: KeyPair;
  scheduler: KeyPair;
  /** The sandbox itself and KWOK: group `system:masters`. */
  administrator: KeyPair;
  /** Signs service accounts' tokens; PKCS#8 and SPKI in PEM. */
  serviceAccount: { privateKey: string; publicKey: string };
}

interface Issuer {
  certificate: X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/**
 * Makes a cluster's certificates.
 * @param serving names and addresses by which the API server is called
 */
export async function createCertificates(serving: {
  dnsNames: string[];
  ipAddresses: string[];
}): Promise<ClusterCertificates> {
  const [authority, frontProxyAuthority] = await Promise.all([
    createAuthority("kubernetes"),
    createAuthority("front-proxy-ca"),
  ]);
  const client = (subject: Subject, issuer: Issuer = authority) =>
    issue(subject, issuer, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
  const names: JsonGeneralName[] = [
    ...serving.dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...serving.ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ];
  const [servingPair, frontProxyClient, controllerManager, scheduler, administrator, serviceAccount] =
    await Promise.all([
      issue({ commonName: "kube-apiserver" }, authority, [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names),
      ]),
      client({ commonName: "front-proxy-client" }, frontProxyAuthority),
      client({ commonName: "system:kube-controller-manager" }),
      client({ commonName: "system:kube-scheduler" }),
      client({ commonName: "whisper-sandbox", organization: "system:masters" }),
      generateKeys().then(async (keys) => ({
        privateKey: await privateKeyPem(keys),
        publicKey: PemConverter.encode(
          await webcrypto.subtle.exportKey("spki", keys.publicKey),
          PemConverter.PublicKeyTag,
        ),
      })),
    ]);
  return {
    authority: await toPem(authority),
    serving: servingPair,
    frontProxyAuthority: await toPem(frontProxyAuthority),
    frontProxyClient,
    controllerManager,
    scheduler,
    administrator,
    serviceAccount,
  };
}

async function createAuthority(commonName: string): Promise<Issuer> {
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

async function issue(subject: Subject, issuer: Issuer, extensions: Extension[]): Promise<KeyPair> {
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

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
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

async function toPem({ certificate, keys }: Issuer): Promise<KeyPair> {
  return { certificate: certificate.toString("pem"), key: await privateKeyPem(keys) };
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", keys.privateKey),
    PemConverter.PrivateKeyTag,
  );
}
