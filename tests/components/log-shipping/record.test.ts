import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { luajitIsHere, shapeAll } from "./luajit.ts";

const api = "container_whisper-staging-application_whisper-staging-app-api-7d9c8b5f6-abcde_api";
const one = (record: Parameters<typeof shapeAll>[0][number]["record"], tag = api) => {
  const [shaped] = shapeAll([{ tag, record }]);
  if (shaped === undefined) throw new Error("nothing came of it");
  return shaped;
};
const messages = (lines: readonly string[]) =>
  shapeAll(lines.map((log) => ({ tag: api, record: { log, stream: "stdout", _p: "F" } }))).map(
    ({ message }) => message,
  );

/** What is written, and what of it leaves the node. */
const maskings: readonly (readonly [what: string, written: string, left: string])[] = [
  ["an address of e-mail", "ada.lovelace+x@example.co.uk signed in", "[e-mail] signed in"],
  ["the last octet of an address", "from 203.0.113.77:4711", "from 203.0.113.x:4711"],
  ["the household's part of an IPv6 address", "from 2001:db8:85a3::8a2e:370:7334", "from 2001:db8:85a3::x"],
  ["one that leaves nothing out", "from 2001:db8:85a3:1:2:8a2e:370:7334 here", "from 2001:db8:85a3::x here"],
  ["a header with a token", "Authorization: Bearer abc.def-ghi", "Authorization: [masked]"],
  ["a header in JSON", '{"authorization":"Basic dXNlcjpwYXNz","a":1}', '{"authorization":"[masked]","a":1}'],
  ["a token without a header", "sent bearer 0123456789abcdef to it", "sent bearer [masked] to it"],
  ["cookies", "Cookie: session=abc; theme=dark", "Cookie: [masked]"],
  ["a signed token", "got eyJhbGciOi.eyJzdWIiOi.c2ln-x back", "got [masked] back"],
  [
    "a password in an address",
    "postgresql://whisper:s3c@db:25060/x",
    "postgresql://whisper:[masked]@db:25060/x",
  ],
  ["what is called a password", "db_password=hunter2; next", "db_password=[masked]; next"],
  ["one in quotes", "password='two words' ok", "password='[masked]' ok"],
  [
    "one in a string of JSON",
    String.raw`{\"password\": \"hunter2\", \"a\": 1}`,
    String.raw`{\"password\": \"[masked]\", \"a\": 1}`,
  ],
  ["a key in a query", "GET /x?api_key=abc123&page=2", "GET /x?api_key=[masked]&page=2"],
  ["a signature of S3", "X-Amz-Signature=0f3c&X-Amz-Expires=60", "X-Amz-Signature=[masked]&X-Amz-Expires=60"],
  ["DigitalOcean's tokens", "dop_v1_0123456789abcdef refused", "[masked] refused"],
  ["a key of Spaces", "key DO00ABCDEFGHIJKLMNOP is unknown", "key [masked] is unknown"],
  [
    "Slack's webhooks",
    "https://hooks.slack.com/services/T0/B0/xyz",
    "https://hooks.slack.com/services/[masked]",
  ],
  [
    "a private key",
    "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----[masked]-----END PRIVATE KEY-----",
  ],
];

/** What is no person's and no secret, however it looks. */
const kept: readonly string[] = [
  "our own 10.17.3.4:8000, 172.16.0.9, 192.168.1.1 and 127.0.0.1 talk",
  "at 12:34:56 and 2026-11-22T07:36:12.123Z",
  "version 1.2.3 of image@sha256:0123",
  "fe80::1, fd00::2 and ::1 are ours",
  "basic authentication is on, the bearer is missing",
  "prompt tokens: none",
  "call std::vector::push_back",
  "00:1a:2b:3c:4d:5e is a machine's",
  "no 300.1.2.3 there",
];

describe.skipIf(!luajitIsHere)("a line that leaves the node", () => {
  it("bears nothing personal and no secret", () => {
    const left = messages(maskings.map(([, written]) => written));
    expect(left.map((text, index) => [maskings[index]?.[0], text])).toEqual(
      maskings.map(([what, , expected]) => [what, expected]),
    );
  });

  it("keeps what is neither", () => {
    expect(messages(kept)).toEqual(kept);
  });

  it("never bears an address of the internet, wherever it stands", () => {
    const octet = fc.integer({ min: 1, max: 255 });
    const inText = fc.tuple(
      fc.constantFrom("", "from ", "(", '"', "client=", "x, ", "http://"),
      fc.tuple(fc.constantFrom(5, 66, 130, 203), octet, octet, octet).map((octets) => octets.join(".")),
      fc.constantFrom("", ":80", ")", '"', ", y", "/path", "."),
    );
    const samples = fc.sample(inText, { numRuns: 300, seed: 20261122 });
    const left = messages(samples.map(([before, address, after]) => before + address + after));
    for (const [index, [, address]] of samples.entries()) {
      expect(left[index]).not.toContain(address);
      expect(left[index]).toContain(`${address.split(".").slice(0, 3).join(".")}.x`);
    }
  });

  it("has the same masked in its fields, however deep, and whatever is called a secret", () => {
    const { attributes } = one({
      msg: "x",
      user: { email: "a@example.ca", password: "p", nested: { "X-Api-Key": "k", list: ["a@example.ca", 5] } },
      client: "198.51.100.9",
      prompt_tokens: 12,
    });
    expect(attributes).toEqual({
      user: {
        email: "[e-mail]",
        password: "[masked]",
        nested: { "X-Api-Key": "[masked]", list: ["[e-mail]", 5] },
      },
      client: "198.51.100.x",
      prompt_tokens: 12,
    });
  });

  it("says whose it is, by the name of its file alone", () => {
    expect(one({ log: "x", stream: "stderr" })).toMatchObject({
      environment: "staging",
      node: "node-1",
      namespace: "whisper-staging-application",
      pod: "whisper-staging-app-api-7d9c8b5f6-abcde",
      container: "api",
      component: "app-api",
      attributes: { stream: "stderr" },
    });
    const component = (pod: string) => one({ log: "x" }, `container_space_${pod}_main`).component;
    expect(component("whisper-staging-neo4j-0")).toBe("neo4j");
    expect(component("whisper-staging-falco-x7k2p")).toBe("falco");
    expect(component("coredns-5d78c9869d-k2x4z")).toBe("coredns");
  });

  it.each([
    [{ level: "WARN", msg: "x" }, "warning"],
    [{ level: 50, msg: "x" }, "error"],
    [{ severity: "critical", msg: "x" }, "critical"],
    [{ levelname: "ERROR", message: "x" }, "error"],
    [{ log: "2026-11-22 07:00:00,123 ERROR in worker: x" }, "error"],
    [{ log: "[error] 7#7: *1 open() failed" }, "error"],
    [{ log: 'ts=1 level=warn msg="x"' }, "warning"],
    [{ log: "E1122 07:00:00.000 1 x.go:1] boom" }, "error"],
    [{ log: "Traceback (most recent call last):\n  File" }, "error"],
    [{ log: "an ordinary sentence about ERRORS of others" }, "info"],
  ])("knows how bad it is: %j", (record, level) => {
    expect(one(record).level).toBe(level);
  });

  it("bears the id of its trace, however it is written", () => {
    const id = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (const record of [
      { msg: "x", trace_id: id },
      { msg: "x", traceId: id.toUpperCase() },
      { msg: "x", traceparent: `00-${id}-00f067aa0ba902b7-01` },
      { log: `done trace_id=${id} ok` },
    ])
      expect(one(record).trace_id).toBe(id);
    expect(one({ msg: "x", trace_id: "0".repeat(32) })).not.toHaveProperty("trace_id");
  });

  it.each([
    [{ method: "GET", path: "/.env", status: 404 }, "probe"],
    [{ method: "GET", path: "/.git/config", status: 200 }, "probe-answered"],
    [{ method: "POST", path: "/auth/login", status: 401 }, "failed-login"],
    [{ method: "GET", path: "/jobs/1", status: 200 }, "none"],
    [{ log: "Failed password for invalid user admin from 203.0.113.5 port 22" }, "failed-login"],
    [{ log: "ada : user NOT in sudoers ; TTY=pts/0" }, "privilege-refused"],
    [{ log: "transcription of /etc/motd done" }, "none"],
  ])("is known for what it tells: %j", (record, event) => {
    expect(one(record).event).toBe(event);
  });

  it("of an access log says in a line what was asked", () => {
    expect(one({ method: "GET", path: "/jobs/1", status: 200, seconds: 0.1 })).toMatchObject({
      message: "GET /jobs/1 200",
      attributes: { path: "/jobs/1", status: 200 },
    });
  });
});
