import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { createCertificates } from "../../../sandbox/kubernetes/control-plane/certificates.ts";
import { kwokConfig } from "../../../sandbox/kubernetes/control-plane/kwok-config.ts";
import { administratorKubeconfig } from "../../../sandbox/kubernetes/kubeconfig.ts";
import { signToken } from "../../../sandbox/kubernetes/tokens.ts";
import { processesOf } from "../../../sandbox/processes/processes.ts";

describe("certificates", async () => {
  const certificates = await createCertificates({ dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] });
  const authority = new X509Certificate(certificates.authority.certificate);

  it.each(["serving", "controllerManager", "scheduler", "administrator"] as const)(
    "%s is signed by the cluster's authority and fits its key",
    (name) => {
      const pair = certificates[name];
      const certificate = new X509Certificate(pair.certificate);
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkIssued(authority)).toBe(true);
      expect(certificate.publicKey.equals(createPublicKey(pair.key))).toBe(true);
      expect(certificate.ca).toBe(false);
    },
  );

  it("keeps the front proxy under an authority of its own", () => {
    const certificate = new X509Certificate(certificates.frontProxyClient.certificate);
    const frontProxy = new X509Certificate(certificates.frontProxyAuthority.certificate);
    expect(certificate.verify(frontProxy.publicKey)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(false);
  });

  it("serves the names and addresses given", () => {
    const serving = new X509Certificate(certificates.serving.certificate);
    expect(serving.checkHost("localhost")).toBe("localhost");
    expect(serving.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(serving.checkHost("example.org")).toBeUndefined();
  });

  it("names users and groups as Kubernetes reads them", () => {
    expect(new X509Certificate(certificates.administrator.certificate).subject).toContain("O=system:masters");
    expect(new X509Certificate(certificates.scheduler.certificate).subject).toBe("CN=system:kube-scheduler");
  });

  it("sign tokens for service accounts that end a minute early, which the server forgives", () => {
    const { privateKey, publicKey } = certificates.serviceAccount;
    const subject = { namespace: "kube-system", name: "admin", uid: "u" };
    const token = signToken(privateKey, subject, 3600, new Date("2026-11-21T10:00:00Z"));
    const [header = "", claims = "", signature = ""] = token.split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      sub: "system:serviceaccount:kube-system:admin",
      iat: Date.parse("2026-11-21T10:00:00Z") / 1000,
      exp: Date.parse("2026-11-21T10:59:00Z") / 1000,
      "kubernetes.io": { serviceaccount: { name: "admin", uid: "u" } },
    });
    const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    const content = Buffer.from(`${header}.${claims}`);
    expect(verify("sha256", content, key, Buffer.from(signature, "base64url"))).toBe(true);
  });
});

describe("a kubeconfig", () => {
  it("is in DOKS's form", () => {
    const kubeconfig = administratorKubeconfig(
      { name: "staging", region: "fra1" },
      { server: "https://127.0.0.1:1", certificateAuthorityData: "Y2E=", token: "t", expiresAt: "" },
    );
    expect(parse(kubeconfig)).toEqual({
      apiVersion: "v1",
      kind: "Config",
      preferences: {},
      "current-context": "do-fra1-staging",
      clusters: [
        {
          name: "do-fra1-staging",
          cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "Y2E=" },
        },
      ],
      contexts: [
        { name: "do-fra1-staging", context: { cluster: "do-fra1-staging", user: "do-fra1-staging-admin" } },
      ],
      users: [{ name: "do-fra1-staging-admin", user: { token: "t" } }],
    });
  });
});

describe("leftovers", () => {
  it("are told by program and folder, not by either alone", () => {
    const directory = "/home/me/clusters/c-1";
    const processes = [
      { pid: 1, argv: ["/bin/etcd", "--data-dir=/home/me/clusters/c-1/etcd"] },
      { pid: 2, argv: ["/bin/etcd", "--data-dir=/home/me/clusters/c-10/etcd"] },
      { pid: 3, argv: ["vi", "/home/me/clusters/c-1/cluster.json"] },
      { pid: 4, argv: ["kwok", "--config=/home/me/clusters/c-1/kwok.yaml"] },
      { pid: 5, argv: [] },
    ];
    const found = processesOf(processes, directory, ["/opt/etcd", "/opt/kwok"]);
    expect(found.map(({ pid }) => pid)).toEqual([1, 4]);
  });
});

describe("KWOK's configuration", () => {
  it("is YAML of one configuration and stages for nodes and pods", () => {
    const documents = parseAllDocuments(kwokConfig()).map((document) => document.toJS());
    expect(documents.map(({ kind }) => kind)).toEqual([
      "KwokConfiguration",
      "Stage",
      "Stage",
      "Stage",
      "Stage",
    ]);
  });
});
