/**
 * Bearer tokens for administrators. They are tokens of a service account, signed here with the key that the API server
 * trusts for them: so any life can be given (the API server's own refuses less than ten minutes), and it honours it.
 */
import { createHash, createPublicKey, randomUUID, sign } from "node:crypto";
import { SERVICE_ACCOUNT_ISSUER } from "./control-plane/programs.ts";

export interface TokenSubject {
  namespace: string;
  /** Name of the service account. */
  name: string;
  /** UID of the service account; the token ends with it. */
  uid: string;
}

/** The API server forgives clocks that differ: it accepts a token for so long after its end. */
const SERVER_LEEWAY_SECONDS = 60;

/**
 * A signed token.
 * @param privateKey PEM of the key (P-256) whose public half the API server was given
 * @param lifeSeconds how long the API server accepts it, from `issuedAt` on
 */
export function signToken(
  privateKey: string,
  subject: TokenSubject,
  lifeSeconds: number,
  issuedAt: Date,
): string {
  const issuedAtSeconds = Math.floor(issuedAt.getTime() / 1000);
  const header = { alg: "ES256", typ: "JWT", kid: keyId(privateKey) };
  const claims = {
    aud: [SERVICE_ACCOUNT_ISSUER],
    exp: issuedAtSeconds + lifeSeconds - SERVER_LEEWAY_SECONDS,
    iat: issuedAtSeconds,
    iss: SERVICE_ACCOUNT_ISSUER,
    jti: randomUUID(),
    "kubernetes.io": {
      namespace: subject.namespace,
      serviceaccount: { name: subject.name, uid: subject.uid },
    },
    nbf: issuedAtSeconds,
    sub: `system:serviceaccount:${subject.namespace}:${subject.name}`,
  };
  const content = `${encode(header)}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(content), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}

/** The API server names its keys by this digest. */
function keyId(privateKey: string): string {
  const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
