import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { describe, expect, it, vi } from "vitest";
import { formatPath } from "../../../../sandbox/providers/kit/path.ts";
import type { CallContext, DiffResult } from "../../../../sandbox/providers/kit/provider.ts";
import { type PropertyMap, reveal, Secret } from "../../../../sandbox/providers/kit/values.ts";
import { createTlsProvider } from "../../../../sandbox/providers/tls/provider.ts";

const call: CallContext = {
  urn: "urn:pulumi:dev::test::tls::x",
  signal: new AbortController().signal,
  progress: () => undefined,
  warn: () => undefined,
};
const identity = (name: string) => ({
  urn: call.urn,
  type: `tls:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
  name: "x",
});
const session = createTlsProvider().configure({}, call);

async function make(name: string, inputs: PropertyMap) {
  const request = { ...identity(name), inputs, preview: false, timeoutSeconds: undefined };
  const { id, outputs } = await (await session).create(request, call);
  return { id, outputs, plain: reveal(outputs) as Record<string, string> };
}

const check = async (name: string, inputs: PropertyMap) =>
  (await session).check(
    {
      ...identity(name),
      inputs,
      oldInputs: undefined,
      randomSeed: new Uint8Array(),
      autonaming: undefined,
    },
    call,
  );

async function faults(name: string, inputs: PropertyMap): Promise<Record<string, string>> {
  const { failures } = await check(name, inputs);
  return Object.fromEntries(failures.map((failure) => [formatPath(failure.path), failure.reason]));
}

/** What a run finds, after so many hours, of a certificate that was made with these inputs. */
async function later(hours: number, inputs: PropertyMap, changes: PropertyMap = {}): Promise<DiffResult> {
  const { id, outputs } = await make("SelfSignedCert", inputs);
  vi.useFakeTimers({ now: Date.now() + hours * 3_600_000, toFake: ["Date"] });
  try {
    return await (await session).diff(
      {
        ...identity("SelfSignedCert"),
        id,
        oldInputs: inputs,
        oldOutputs: outputs,
        newInputs: { ...inputs, ...changes },
        ignoreChanges: [],
      },
      call,
    );
  } finally {
    vi.useRealTimers();
  }
}

const key = async (inputs: PropertyMap = { algorithm: "ECDSA", ecdsaCurve: "P256" }) =>
  (await make("PrivateKey", inputs)).plain;

/** An authority, and a certificate of its for a server. */
async function chain(keyInputs?: PropertyMap) {
  const [authorityKey, serverKey] = [await key(keyInputs), await key()];
  const authority = await make("SelfSignedCert", {
    privateKeyPem: authorityKey.privateKeyPem ?? "",
    subject: { commonName: "an authority", organization: "Ours" },
    isCaCertificate: true,
    setSubjectKeyId: true,
    allowedUses: ["cert_signing"],
    validityPeriodHours: 48,
  });
  const request = await make("CertRequest", {
    privateKeyPem: serverKey.privateKeyPem ?? "",
    subject: { commonName: "a server" },
    dnsNames: ["graph.example.com"],
    ipAddresses: ["127.0.0.1"],
  });
  const certificate = await make("LocallySignedCert", {
    certRequestPem: request.plain.certRequestPem ?? "",
    caCertPem: authority.plain.certPem ?? "",
    caPrivateKeyPem: authorityKey.privateKeyPem ?? "",
    allowedUses: ["digital_signature", "server_auth"],
    validityPeriodHours: 24,
  });
  return { serverKey, authority, certificate };
}

/** Whom a client that believes the authority has met, and what it found wrong. */
async function meet(
  { serverKey, authority, certificate }: Awaited<ReturnType<typeof chain>>,
  servername: string,
) {
  const server = createServer({
    key: serverKey.privateKeyPemPkcs8,
    cert: certificate.plain.certPem,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client: TLSSocket = connect({
    host: "127.0.0.1",
    port,
    ca: authority.plain.certPem,
    servername,
    rejectUnauthorized: false,
  });
  client.on("error", () => undefined);
  await once(client, "secureConnect");
  const problem = client.authorizationError;
  client.destroy();
  server.close();
  return problem;
}

const authorityInputs = async (): Promise<PropertyMap> => ({
  privateKeyPem: (await key()).privateKeyPem ?? "",
  subject: { commonName: "an authority" },
  allowedUses: ["cert_signing"],
  validityPeriodHours: 100,
  earlyRenewalHours: 20,
});

describe("a key", () => {
  it.each([
    ["RSA", { algorithm: "RSA", rsaBits: 2048 }, "ssh-rsa"],
    ["ECDSA", { algorithm: "ECDSA", ecdsaCurve: "P384" }, "ecdsa-sha2-nistp384"],
    ["ED25519", { algorithm: "ED25519" }, "ssh-ed25519"],
  ])("of %s is the same in each of its forms", async (_, inputs, sshType) => {
    const forms = await key(inputs);
    const publicPem = (pem = "") =>
      createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "pem" }).toString();
    expect(publicPem(forms.privateKeyPem)).toBe(forms.publicKeyPem);
    expect(publicPem(forms.privateKeyPemPkcs8)).toBe(forms.publicKeyPem);
    expect(forms.publicKeyOpenssh).toMatch(new RegExp(`^${sshType} [A-Za-z0-9+/]+=*\\n$`));
    const blob = Buffer.from(forms.publicKeyOpenssh?.split(" ")[1] ?? "", "base64");
    const openSsh = Buffer.from(forms.privateKeyOpenssh?.split("\n").slice(1, -2).join("") ?? "", "base64");
    expect(openSsh.includes(blob)).toBe(true);
    expect(forms.publicKeyFingerprintSha256).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it("is secret in each of its private forms, and another each time", async () => {
    const { outputs, plain } = await make("PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const secrets = Object.keys(outputs).filter((name) => outputs[name] instanceof Secret);
    expect(secrets.sort()).toEqual(["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"]);
    expect((await key()).privateKeyPem).not.toBe(plain.privateKeyPem);
  });

  it("cannot be of an algorithm or a curve that certificates are not signed with here", async () => {
    expect(await faults("PrivateKey", { algorithm: "DSA" })).toEqual({
      algorithm: "must be one of RSA, ECDSA, ED25519, is DSA",
    });
    expect(Object.keys(await faults("PrivateKey", { algorithm: "ECDSA" }))).toEqual(["ecdsaCurve"]);
  });
});

describe("a certificate", () => {
  it.each([
    ["ECDSA", { algorithm: "ECDSA", ecdsaCurve: "P256" }],
    ["RSA", { algorithm: "RSA" }],
    ["ED25519", { algorithm: "ED25519" }],
  ])(
    "that an authority with a key of %s signed is believed by who believes the authority",
    async (_, inputs) => {
      const made = await chain(inputs);
      expect(await meet(made, "graph.example.com")).toBeNull();
      expect(await meet(made, "other.example.com")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
      expect(
        await meet({ ...made, authority: (await chain()).authority }, "graph.example.com"),
      ).not.toBeNull();
    },
  );

  it("says what it was asked to say", async () => {
    const { certificate, authority } = await chain();
    const read = new X509Certificate(certificate.plain.certPem ?? "");
    expect(read.subject).toBe("CN=a server");
    expect(read.issuer).toBe("CN=an authority\nO=Ours");
    expect(read.subjectAltName).toBe("DNS:graph.example.com, IP Address:127.0.0.1");
    expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(read.ca).toBe(false);
    expect(new X509Certificate(authority.plain.certPem ?? "").ca).toBe(true);
    const { validityStartTime = "", validityEndTime = "" } = certificate.plain;
    expect(Date.parse(validityEndTime) - Date.parse(validityStartTime)).toBe(24 * 3_600_000);
    expect(Date.parse(read.validTo)).toBe(Date.parse(validityEndTime));
  });

  it("is not signed with another key than the authority's", async () => {
    const { certificate, authority } = await chain();
    const inputs = { caPrivateKeyPem: (await key()).privateKeyPem ?? "" };
    const { certRequestPem = "" } = certificate.plain;
    await expect(
      make("LocallySignedCert", {
        ...inputs,
        certRequestPem,
        caCertPem: authority.plain.certPem ?? "",
        allowedUses: [],
        validityPeriodHours: 1,
      }),
    ).rejects.toThrow("caPrivateKeyPem is not the key of caCertPem");
  });

  it("keeps the keys it was made with secret, among its inputs too", async () => {
    const given = await authorityInputs();
    const { outputs } = await make("SelfSignedCert", given);
    const { inputs } = await check("SelfSignedCert", given);
    for (const kept of [inputs, outputs]) {
      expect(Object.keys(kept).filter((name) => kept[name] instanceof Secret)).toEqual(["privateKeyPem"]);
    }
  });

  it("has a path length only where it is an authority's that was given one", async () => {
    const inputs = await authorityInputs();
    expect((await make("SelfSignedCert", inputs)).outputs).not.toHaveProperty("maxPathLength");
    const authority = { ...inputs, isCaCertificate: true, maxPathLength: 0 };
    expect((await make("SelfSignedCert", authority)).outputs).toMatchObject({ maxPathLength: 0 });
    await expect(make("SelfSignedCert", { ...inputs, maxPathLength: 0 })).rejects.toThrow("isCaCertificate");
  });

  it("tells all that is wrong at once", async () => {
    const inputs = { ...(await authorityInputs()), subject: { cn: "x" }, allowedUses: ["everything"] };
    expect(Object.keys(await faults("SelfSignedCert", inputs))).toEqual(["subject.cn", "allowedUses[0]"]);
  });
});

describe("renewal", () => {
  it("comes when the time for it has, and not before", async () => {
    const inputs = await authorityInputs();
    expect(await later(79, inputs)).toMatchObject({ changed: false, properties: [] });
    expect((await make("SelfSignedCert", { ...inputs, earlyRenewalHours: 100 })).outputs).toMatchObject({
      readyForRenewal: true,
    });
    const due = [{ path: ["readyForRenewal"], replace: true }];
    expect(await later(81, inputs)).toMatchObject({ changed: true, properties: due });
    expect(await later(1000, inputs)).toMatchObject({ changed: true, properties: due });
  });

  it("is asked for later without a new certificate, and a longer life with one", async () => {
    const inputs = await authorityInputs();
    expect((await later(1, inputs, { earlyRenewalHours: 10 })).properties).toMatchObject([
      { path: ["earlyRenewalHours"], replace: false },
    ]);
    expect((await later(1, inputs, { validityPeriodHours: 200 })).properties).toMatchObject([
      { path: ["validityPeriodHours"], replace: true },
    ]);
  });
});
