import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Cdn, type CdnArgs } from "../../components/cdn/cdn.ts";
import { DnsRecords, type DnsRecordsArgs } from "../../components/dns-records/dns-records.ts";
import { DnsZone, type DnsZoneArgs } from "../../components/dns-zone/dns-zone.ts";
import { record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const zone = () => ({ domain: pulumi.output("whisper.example.com") });

describe("a DNS zone", () => {
  const make = (args: Partial<DnsZoneArgs> = {}) =>
    new DnsZone("dns", { domain: "whisper.example.com", ...args });

  it("is closed to other authorities and to forged mail", async () => {
    const recording = await record(() => make());
    expect(recording.named("dns-domain").inputs).toEqual({ name: "whisper.example.com" });
    const records = recording
      .ofType("DnsRecord")
      .map(({ inputs: { type, name, value } }) => [type, name, value]);
    expect(records).toEqual([
      ["CAA", "@", "letsencrypt.org."],
      ["CAA", "@", "letsencrypt.org."],
      ["TXT", "@", "v=spf1 -all"],
      ["TXT", "_dmarc", "v=DMARC1; p=reject; adkim=s; aspf=s"],
    ]);
  });

  it("has a certificate, asked for once the authority may give it, and known by its name", async () => {
    const recording = await record(() => make());
    const certificate = recording.named("dns-certificate");
    expect(certificate.inputs).toEqual({
      name: expect.stringMatching(/^dns-certificate-[0-9a-f]{6}$/),
      type: "lets_encrypt",
      domains: ["whisper.example.com", "*.whisper.example.com"],
    });
    expect(certificate.dependsOn).toEqual(["dns-caa", "dns-caa-wildcard", "dns-spf", "dns-dmarc"]);
    expect(await resolved(recording.result.certificate.name)).toBe(certificate.inputs.name);
    expect(await resolved(recording.result.zone.domain)).toBe("whisper.example.com");
  });

  it("covers the named hosts", async () => {
    const recording = await record(() => make({ certificateHosts: ["api"] }));
    expect(recording.named("dns-certificate").inputs).toMatchObject({
      domains: ["whisper.example.com", "api.whisper.example.com"],
    });
  });

  it("names a certificate for other hosts otherwise: the old one is served until the new one is there", async () => {
    const names = new Set<unknown>();
    for (const args of [{}, { certificateHosts: ["api"] }, { domain: "whisper.example.org" }]) {
      names.add((await record(() => make(args))).named("dns-certificate").inputs.name);
    }
    expect(names.size).toBe(3);
  });

  itRefuses<DnsZoneArgs>(make, [
    ["what is no domain", { domain: "whisper" }, ["domain"]],
    [
      "capitals and a full name for a host",
      { domain: "Whisper.example.com", certificateHosts: ["api.x"] },
      ["domain", "certificateHosts[0]"],
    ],
  ]);
});

describe("DNS records", () => {
  const make = (args: Partial<DnsRecordsArgs> = {}) =>
    new DnsRecords("hosts", { zone: zone(), records: {}, ...args });

  it("point hosts at what they are told", async () => {
    const recording = await record(() =>
      make({
        ttlSeconds: 60,
        records: {
          "@": { type: "A", value: "198.51.100.7" },
          docs: { type: "CNAME", value: "pages.example." },
        },
      }),
    );
    expect(recording.named("hosts-apex-a").inputs).toEqual({
      domain: "whisper.example.com",
      name: "@",
      type: "A",
      value: "198.51.100.7",
      ttl: 60,
    });
    expect(recording.named("hosts-docs-cname").inputs).toMatchObject({
      name: "docs",
      value: "pages.example.",
    });
  });

  it("are forgotten after five minutes unless told otherwise", async () => {
    const recording = await record(() =>
      make({ records: { api: { type: "A", value: pulumi.output("198.51.100.7") } } }),
    );
    expect(recording.named("hosts-api-a").inputs).toMatchObject({ ttl: 300, value: "198.51.100.7" });
  });

  itRefuses<DnsRecordsArgs>(make, [
    ["a time too short", { ttlSeconds: 5 }, ["ttlSeconds"]],
    ["a host that is none", { records: { "a b": { type: "A", value: "198.51.100.7" } } }, ["records.a b"]],
    [
      "a CNAME without its dot",
      { records: { docs: { type: "CNAME", value: "pages.example" } } },
      ["records.docs.value"],
    ],
    [
      "a CNAME for the domain itself",
      { records: { "@": { type: "CNAME", value: "pages.example." } } },
      ["records.@.value"],
    ],
  ]);
});

describe("a CDN", () => {
  const make = (args: Partial<CdnArgs> = {}) =>
    new Cdn("cdn", {
      origin: "static.tor1.digitaloceanspaces.com",
      zone: zone(),
      certificate: { name: pulumi.output("tls") },
      ...args,
    });

  it("serves a bucket under a name and a certificate of ours, by name", async () => {
    const recording = await record(() => make());
    expect(recording.named("cdn-endpoint").inputs).toEqual({
      origin: "static.tor1.digitaloceanspaces.com",
      customDomain: "static.whisper.example.com",
      certificateName: "tls",
      ttl: 3600,
    });
    expect(await resolved(recording.result.url)).toBe("https://static.whisper.example.com");
  });

  it("has its host and its time as told", async () => {
    const recording = await record(() => make({ host: "assets", ttlSeconds: 86_400 }));
    expect(recording.named("cdn-endpoint").inputs).toMatchObject({
      customDomain: "assets.whisper.example.com",
      ttl: 86_400,
    });
  });

  itRefuses<CdnArgs>(make, [
    ["a time the edge does not offer", { ttlSeconds: 61 }, ["ttlSeconds"]],
    ["a host that has the domain in it", { host: "static.example.com" }, ["host"]],
  ]);
});
