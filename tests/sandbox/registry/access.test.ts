import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testToken } from "../cloud/support/cloud.ts";
import { askToken, type RegistrySandbox, registrySandbox, sendTo } from "./support.ts";

describe("access to the registry", () => {
  let sandbox: RegistrySandbox;
  beforeEach(async () => {
    sandbox = await registrySandbox();
  });
  afterEach(() => sandbox.close());

  it("begins with a challenge that says where a token is to be had", async () => {
    const ping = await sendTo(sandbox.server, "GET", "/v2/", { headers: { host: "127.0.0.1:5000" } });
    expect(ping).toMatchObject({
      status: 401,
      headers: {
        "www-authenticate":
          'Bearer realm="http://127.0.0.1:5000/v2/registry/auth",service="registry.digitalocean.com"',
        "docker-distribution-api-version": "registry/2.0",
      },
    });
    expect(ping.json()).toMatchObject({ errors: [{ code: "UNAUTHORIZED" }] });
  });

  it("is had with the account's own token too, as user name and password", async () => {
    const basic = `Basic ${Buffer.from(`${testToken}:${testToken}`).toString("base64")}`;
    const { token } = (await askToken(sandbox.server, basic, "repository:whisper/api:pull")).json<{
      token: string;
    }>();
    const headers = { authorization: `Bearer ${token}` };
    expect(await sendTo(sandbox.server, "GET", "/v2/", { headers })).toMatchObject({ status: 200 });
    expect(await sendTo(sandbox.server, "GET", "/v2/whisper/other/tags/list", { headers })).toMatchObject({
      status: 401,
      headers: { "www-authenticate": expect.stringContaining('error="insufficient_scope"') },
    });
  });

  it.each(["", "Basic bm9ib2R5Om5vYm9keQ==", "Bearer nonsense"])(
    "is refused to %j",
    async (authorization) => {
      expect(await askToken(sandbox.server, authorization, "repository:whisper/api:pull")).toMatchObject({
        status: 401,
      });
      const headers = { authorization };
      expect(await sendTo(sandbox.server, "GET", "/v2/", { headers })).toMatchObject({ status: 401 });
    },
  );

  it("pulls with read-only credentials, and does not push", async () => {
    const writer = await sandbox.login("read_write=true");
    const digest = await writer.pushImage("whisper/api", "1", "layer");
    const reader = await sandbox.login("");
    expect((await reader.send("GET", "/v2/whisper/api/manifests/1")).headers).toMatchObject({
      "docker-content-digest": digest,
    });
    expect(await reader.send("POST", "/v2/whisper/api/blobs/uploads/")).toMatchObject({
      status: 401,
      headers: { "www-authenticate": expect.stringContaining('scope="repository:whisper/api:pull,push"') },
    });
    expect(await reader.send("DELETE", "/v2/whisper/api/manifests/1")).toMatchObject({ status: 401 });
  });

  it("ends with the credentials, even for a bearer token that was had before", async () => {
    const client = await sandbox.login("read_write=true&expiry_seconds=60");
    await client.pushImage("whisper/api", "1", "layer");
    sandbox.cloud.advance(60_000);
    expect(await client.send("GET", "/v2/whisper/api/tags/list")).toMatchObject({ status: 401 });
  });

  it("ends with the registry, for the credentials of that one and for those of the account's last", async () => {
    await sandbox.cloud.ok("POST", "/v2/registries", { name: "second" });
    const { auths } = await sandbox.cloud.ok<{ auths: Record<string, { auth: string }> }>(
      "GET",
      "/v2/registries/second/docker-credentials?read_write=true",
    );
    const ofSecond = `Basic ${auths["127.0.0.1:5000"]?.auth}`;
    const elsewhere = await askToken(sandbox.server, ofSecond, "repository:whisper/api:pull");
    const authorization = `Bearer ${elsewhere.json<{ token: string }>().token}`;
    const pull = await sendTo(sandbox.server, "GET", "/v2/whisper/api/tags/list", {
      headers: { authorization },
    });
    expect(pull.status).toBe(401);
    await sandbox.cloud.ok("DELETE", "/v2/registries/second");
    expect((await askToken(sandbox.server, ofSecond, "repository:second/api:pull")).status).toBe(401);
    const ofAll = await sandbox.login("");
    await sandbox.cloud.ok("DELETE", "/v2/registry");
    expect((await ofAll.send("GET", "/v2/whisper/api/tags/list")).status).toBe(401);
  });

  it("needs a registry that is there", async () => {
    const client = await sandbox.login("read_write=true");
    expect((await client.send("GET", "/v2/absent/api/tags/list")).json()).toMatchObject({
      errors: [{ code: "NAME_UNKNOWN" }],
    });
  });
});
