import { describe, expect, it } from "vitest";
import { maskHeaders, maskSecrets, maskUrl } from "../../../sandbox/recording/secrets.ts";

describe("a recording", () => {
  it("shows no credentials of headers and signed URLs", () => {
    const headers = { authorization: "Bearer t", "x-amz-security-token": "t", accept: "*/*" };
    expect(maskHeaders(headers)).toEqual({
      authorization: "[secret]",
      "x-amz-security-token": "[secret]",
      accept: "*/*",
    });
    expect(maskUrl("/media/a?X-Amz-Expires=60&X-Amz-Signature=0a1b&x-id=GetObject")).toBe(
      "/media/a?X-Amz-Expires=60&X-Amz-Signature=[secret]&x-id=GetObject",
    );
    expect(maskUrl("http://user:pw@media.fra1.spaces.internal/a")).not.toContain("pw");
  });

  it.each([
    [{ users: [{ name: "app", password: "pw" }] }, { users: [{ name: "app", password: "[secret]" }] }],
    [{ uri: "postgresql://app:pw@db:25060/d" }, { uri: "postgresql://app:[secret]@db:25060/d" }],
    [
      { key: { access_key: "k", secret_key: "s" } },
      { key: { access_key: "[secret]", secret_key: "[secret]" } },
    ],
    [{ auths: { r: { auth: "YTpi" } } }, { auths: { r: { auth: "[secret]" } } }],
    [
      { password: "", token: null, auth: 1 },
      { password: "", token: null, auth: 1 },
    ],
    [
      { slack: [{ channel: "ops", url: "https://hooks.slack.com/services/T0/B0" }] },
      { slack: [{ channel: "ops", url: "https://hooks.slack.com/[secret]" }] },
    ],
    [
      "users:\n- name: admin\n  user:\n    token: abc\n",
      "users:\n- name: admin\n  user:\n    token: [secret]\n",
    ],
    ["a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb", "a\n[secret]\nb"],
    [undefined, undefined],
  ])("shows of %j no secrets, and all the rest", (body, shown) => {
    expect(maskSecrets(body)).toEqual(shown);
  });

  it("leaves out what is nested without end, which could not be written down", () => {
    const body = JSON.parse(`${'{"a":['.repeat(50_000)}1${"]}".repeat(50_000)}`);
    expect(JSON.stringify(maskSecrets(body))).toContain("[nested deeper]");
  });
});
