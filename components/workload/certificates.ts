import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** What servers show, and whom they and their clients believe; all in PEM. */
export interface Certificates {
  /** Of the authority. */
  readonly authority: pulumi.Output<string>;
  /** Of the servers. */
  readonly certificate: pulumi.Output<string>;
  /** Secret; in PKCS 8, which Java reads. */
  readonly key: pulumi.Output<string>;
}

const hoursOf = (days: number) => days * 24;
const keyKind = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;

/**
 * An authority for one cluster of servers alone, and a certificate for all of them. An `up` within the last two months of the
 * certificate's year makes a new one, within the last year of the authority's ten a new one of the same key, so that what
 * either signed goes on being believed meanwhile.
 *
 * @param called what the servers are called on the cluster, and by what hosts each is
 */
export function createCertificates(
  name: string,
  { cloudName, hosts }: { readonly cloudName: string; readonly hosts: readonly string[] },
  parent: pulumi.Resource,
): Certificates {
  const options = { parent };
  const authorityKey = new tls.PrivateKey(`${name}-authority-key`, keyKind, options);
  const authority = new tls.SelfSignedCert(
    `${name}-authority`,
    {
      privateKeyPem: authorityKey.privateKeyPem,
      subject: { commonName: `${cloudName} authority` },
      isCaCertificate: true,
      setSubjectKeyId: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      validityPeriodHours: hoursOf(3650),
      earlyRenewalHours: hoursOf(365),
    },
    options,
  );
  const key = new tls.PrivateKey(`${name}-key`, keyKind, options);
  const request = new tls.CertRequest(
    `${name}-request`,
    { privateKeyPem: key.privateKeyPem, subject: { commonName: cloudName }, dnsNames: [...hosts] },
    options,
  );
  const certificate = new tls.LocallySignedCert(
    `${name}-certificate`,
    {
      certRequestPem: request.certRequestPem,
      caCertPem: authority.certPem,
      caPrivateKeyPem: authorityKey.privateKeyPem,
      // Members are each other's clients too.
      allowedUses: ["digital_signature", "server_auth", "client_auth"],
      validityPeriodHours: hoursOf(365),
      earlyRenewalHours: hoursOf(60),
    },
    options,
  );
  return {
    authority: authority.certPem,
    certificate: certificate.certPem,
    key: key.privateKeyPemPkcs8,
  };
}
