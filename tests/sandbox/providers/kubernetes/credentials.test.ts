import { describe, expect, it } from "vitest";
import { credentialsOf } from "../../../../sandbox/providers/kubernetes/cluster/credentials.ts";
import type { PlainMap } from "../../../../sandbox/providers/kubernetes/objects/object.ts";

const as = (user: PlainMap, cluster: PlainMap = {}) => credentialsOf({ cluster, user });
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("credentials", () => {
  it.each([
    [{ token: "t" }, "Bearer t"],
    [{ username: "u", password: "p" }, `Basic ${base64("u:p")}`],
    [{}, undefined],
  ])("of %j", (user, authorization) => {
    expect(as(user).headers.authorization).toBe(authorization);
  });

  it("are certificates", () => {
    const user = { "client-certificate-data": base64("mine"), "client-key-data": base64("key") };
    const cluster = { "certificate-authority-data": base64("authority"), "tls-server-name": "api" };
    expect(as(user, cluster).tls).toEqual({
      ca: Buffer.from("authority"),
      cert: Buffer.from("mine"),
      key: Buffer.from("key"),
      servername: "api",
    });
    expect(as({}, { "insecure-skip-tls-verify": true }).tls).toEqual({ rejectUnauthorized: false });
  });
});
