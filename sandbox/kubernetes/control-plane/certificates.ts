/** The public-key infrastructure of one cluster: who the API server is, and who may call it. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { ExtendedKeyUsage, ExtendedKeyUsageExtension, PemConverter } from "@peculiar/x509";
import {
  createAuthority,
  generateKeys,
  type Issuer,
  issue,
  issueServing,
  type KeyPair,
  privateKeyPem,
  type ServerNames,
  type Subject,
  toPem,
} from "../../certificates.ts";

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

/**
 * Makes a cluster's certificates.
 * @param serving names and addresses by which the API server is called
 */
export async function createCertificates(serving: ServerNames): Promise<ClusterCertificates> {
  const [authority, frontProxyAuthority] = await Promise.all([
    createAuthority("kubernetes"),
    createAuthority("front-proxy-ca"),
  ]);
  const client = (subject: Subject, issuer: Issuer = authority) =>
    issue(subject, issuer, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
  const [servingPair, frontProxyClient, controllerManager, scheduler, administrator, serviceAccount] =
    await Promise.all([
      issueServing("kube-apiserver", authority, serving),
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
