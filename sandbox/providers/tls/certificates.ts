/** Certificates and requests for them, as the vendor's plugin makes them. */
import "reflect-metadata";
import { createHash, type KeyObject, randomBytes } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  type PublicKeyType,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { PlainInputs } from "../generated/generated-type.ts";
import { ProviderError } from "../kit/errors.ts";
import { signingKeys } from "./keys.ts";
import { isDue } from "./renewal.ts";
import { EXTENDED_USES, KEY_USES, SUBJECT_PARTS } from "./vocabulary.ts";

/** A certificate that was made, as the vendor gives it. */
export interface MadeCertificate {
  readonly id: string;
  readonly outputs: {
    readonly certPem: string;
    readonly readyForRenewal: boolean;
    readonly validityStartTime: string;
    readonly validityEndTime: string;
  };
}

const hourMs = 3_600_000;
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const withoutMilliseconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

function nameOf(subject: PlainInputs[string] | undefined): JsonName {
  const given = Object.entries((subject ?? {}) as Record<string, unknown>);
  return given.map(([part, value]) => ({
    [SUBJECT_PARTS[part] ?? part]: Array.isArray(value) ? value.map(String) : [String(value)],
  }));
}

/** By what the subject is also called; nothing when it is not. */
function alternativeNames(inputs: PlainInputs): Extension[] {
  const names = [
    ...strings(inputs.dnsNames).map((value) => ({ type: "dns" as const, value })),
    ...strings(inputs.ipAddresses).map((value) => ({ type: "ip" as const, value })),
    ...strings(inputs.uris).map((value) => ({ type: "url" as const, value })),
  ];
  return names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)];
}

/** A request for a certificate of a key. */
export async function requestFor(inputs: PlainInputs, key: KeyObject): Promise<{ id: string; pem: string }> {
  const { keys, algorithm } = await signingKeys(key);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: nameOf(inputs.subject),
    keys,
    signingAlgorithm: algorithm,
    extensions: alternativeNames(inputs),
  });
  const pem = `${request.toString("pem")}\n`;
  return { id: createHash("sha1").update(pem).digest("hex"), pem };
}

/** A certificate that vouches for itself: an authority's. */
export async function selfSigned(inputs: PlainInputs, key: KeyObject): Promise<MadeCertificate> {
  const { keys, algorithm } = await signingKeys(key);
  const validity = validityOf(inputs);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: nameOf(inputs.subject),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      ...(await commonExtensions(inputs, keys.publicKey)),
      ...alternativeNames(inputs),
      ...(inputs.setAuthorityKeyId === true
        ? [await AuthorityKeyIdentifierExtension.create(keys.publicKey)]
        : []),
    ],
  });
  return made(certificate, validity, inputs);
}

/** A certificate for what a request asks for, signed by an authority. */
export async function signedByAuthority(inputs: PlainInputs, key: KeyObject): Promise<MadeCertificate> {
  const authority = readPem("caCertPem", String(inputs.caCertPem), (pem) => new X509Certificate(pem));
  const request = readPem(
    "certRequestPem",
    String(inputs.certRequestPem),
    (pem) => new Pkcs10CertificateRequest(pem),
  );
  if (!(await request.verify())) throw new ProviderError("certRequestPem is not signed by its own key");
  const { keys, algorithm } = await signingKeys(key);
  if ((await keyId(authority.publicKey)) !== (await keyId(keys.publicKey))) {
    throw new ProviderError("caPrivateKeyPem is not the key of caCertPem");
  }
  const validity = validityOf(inputs);
  const names = request.extensions.find((each) => each instanceof SubjectAlternativeNameExtension);
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: request.subjectName,
    issuer: authority.subjectName,
    publicKey: request.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...(await commonExtensions(inputs, request.publicKey)),
      ...(names ? [names] : []),
      ...(authority.getExtension(SubjectKeyIdentifierExtension)
        ? [await AuthorityKeyIdentifierExtension.create(keys.publicKey)]
        : []),
    ],
  });
  return made(certificate, validity, inputs);
}

const keyId = async (key: PublicKeyType) => (await SubjectKeyIdentifierExtension.create(key)).keyId;

function validityOf({ validityPeriodHours }: PlainInputs) {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  const notAfter = new Date(notBefore.getTime() + Number(validityPeriodHours) * hourMs);
  // Positive, as a serial number has to be.
  const serial = randomBytes(16);
  serial[0] = (serial[0] ?? 0) & 0x7f;
  return { notBefore, notAfter, serialNumber: serial.toString("hex") };
}

async function commonExtensions(inputs: PlainInputs, publicKey: PublicKeyType): Promise<Extension[]> {
  const isAuthority = inputs.isCaCertificate === true;
  const length = Number(inputs.maxPathLength ?? -1);
  if (!isAuthority && length >= 0) {
    throw new ProviderError("maxPathLength is for authorities alone: set isCaCertificate, or leave it out");
  }
  const uses = strings(inputs.allowedUses);
  const flags = Object.entries(KEY_USES)
    .filter(([use]) => uses.includes(use))
    .reduce<number>((all, [, flag]) => all | KeyUsageFlags[flag], 0);
  const extended = Object.entries(EXTENDED_USES).flatMap(([use, id]) => (uses.includes(use) ? [id] : []));
  return [
    new BasicConstraintsExtension(isAuthority, length >= 0 ? length : undefined, true),
    ...(flags === 0 ? [] : [new KeyUsagesExtension(flags, true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended)]),
    ...(inputs.setSubjectKeyId === true || isAuthority
      ? [await SubjectKeyIdentifierExtension.create(publicKey)]
      : []),
  ];
}

function made(
  certificate: X509Certificate,
  { notBefore, notAfter, serialNumber }: ReturnType<typeof validityOf>,
  inputs: PlainInputs,
): MadeCertificate {
  const validityEndTime = withoutMilliseconds(notAfter);
  return {
    id: BigInt(`0x${serialNumber}`).toString(),
    outputs: {
      certPem: `${certificate.toString("pem")}\n`,
      readyForRenewal: isDue({ validityEndTime }, inputs),
      validityStartTime: withoutMilliseconds(notBefore),
      validityEndTime,
    },
  };
}

function readPem<T>(name: string, pem: string, read: (pem: string) => T): T {
  try {
    return read(pem);
  } catch {
    throw new ProviderError(`${name} is no PEM of what it should hold`);
  }
}
