/** The words of the vendor's plugin for what certificates are for, and for whom. */

/** Uses of a key, and what each is called in certificates. */
export const KEY_USES = {
  digital_signature: "digitalSignature",
  content_commitment: "nonRepudiation",
  key_encipherment: "keyEncipherment",
  data_encipherment: "dataEncipherment",
  key_agreement: "keyAgreement",
  cert_signing: "keyCertSign",
  crl_signing: "cRLSign",
  encipher_only: "encipherOnly",
  decipher_only: "decipherOnly",
} as const;

/** Extended uses, and the identifier of each. */
export const EXTENDED_USES = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
} as const;

/** Every use there is. */
export const USES: readonly string[] = [...Object.keys(KEY_USES), ...Object.keys(EXTENDED_USES)];

/** Parts of a subject, and what each is called in certificates. */
export const SUBJECT_PARTS: Readonly<Record<string, string>> = {
  commonName: "CN",
  organization: "O",
  organizationalUnit: "OU",
  streetAddresses: "2.5.4.9",
  locality: "L",
  province: "ST",
  country: "C",
  postalCode: "2.5.4.17",
  serialNumber: "2.5.4.5",
  emailAddress: "E",
};
