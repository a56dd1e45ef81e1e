import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { selfSigned } from "./support/certificates.ts";
import { type TestCloud, testCloud } from "./support/cloud.ts";

interface Answer {
  certificate: {
    id: string;
    state: string;
    dns_names: string[];
    not_after?: string;
    sha1_fingerprint?: string;
  };
}

describe("certificates", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const request = { name: "edge", type: "lets_encrypt", dns_names: ["api.example.com", "*.example.com"] };

  it("proves a managed domain, pending before verified, for ninety days", async () => {
    await cloud.ok("POST", "/v2/domains", { name: "example.com" });
    const { certificate } = await cloud.ok<Answer>("POST", "/v2/certificates", request);
    expect(certificate).toMatchObject({ state: "pending" });
    cloud.advance(1_000);
    expect(await cloud.ok("GET", `/v2/certificates/${certificate.id}`)).toMatchObject({
      certificate: { state: "verified", not_after: "2027-02-19T09:00:00Z", dns_names: request.dns_names },
    });
    expect(await cloud.ok("GET", "/v2/certificates?name=edge&per_page=200")).toMatchObject({
      meta: { total: 1 },
    });
    expect(await cloud.ok("GET", "/v2/certificates?name=other")).toMatchObject({ meta: { total: 0 } });
    await cloud.refusal(409, "POST", "/v2/certificates", request);
    await cloud.ok("DELETE", `/v2/certificates/${certificate.id}`);
    await cloud.refusal(404, "GET", `/v2/certificates/${certificate.id}`);
  });

  it("refuses names of domains that are not managed, and names that are none", async () => {
    expect(await cloud.refusal(422, "POST", "/v2/certificates", request)).toContain("add the domain first");
    expect(
      await cloud.refusal(422, "POST", "/v2/certificates", { ...request, dns_names: ["nodots"] }),
    ).toContain("dns_names.0");
    expect(await cloud.refusal(422, "POST", "/v2/certificates", { ...request, dns_names: [] })).toContain(
      "dns_names",
    );
    expect(
      await cloud.refusal(422, "POST", "/v2/certificates", { ...request, type: "letsencrypt" }),
    ).toContain("type");
  });

  it("takes one's own, with its names and its end read from it", async () => {
    const { certificate: leaf_certificate, key: private_key } = await selfSigned("www.example.com", 30);
    const { certificate } = await cloud.ok<Answer>("POST", "/v2/certificates", {
      name: "own",
      leaf_certificate,
      private_key,
    });
    expect(certificate).toMatchObject({ state: "verified", dns_names: ["www.example.com"] });
    expect(certificate.sha1_fingerprint).toMatch(/^[0-9a-f]{40}$/);
  });

  it("refuses what is no certificate, what has expired, and a key of another", async () => {
    const [valid, other, old] = [
      await selfSigned("a.example.com", 30),
      await selfSigned("b.example.com", 30),
      await selfSigned("c.example.com", -1),
    ];
    const refuse = (leaf_certificate: string, private_key: string) =>
      cloud.refusal(422, "POST", "/v2/certificates", {
        name: "own",
        type: "custom",
        leaf_certificate,
        private_key,
      });
    expect(await refuse("nonsense", valid.key)).toContain("leaf_certificate: is not a certificate");
    expect(await refuse(valid.certificate, other.key)).toContain("private_key: does not belong");
    expect(await refuse(old.certificate, old.key)).toContain("expired");
  });
});
