import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bucketCollection } from "../../../sandbox/spaces/admin.ts";
import { type TestCloud, testCloud } from "./support/cloud.ts";

interface Key {
  readonly access_key: string;
  readonly secret_key?: string;
}

describe("Spaces keys", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
    bucketCollection(cloud.store).put("media", {
      name: "media",
      region: "fra1",
      createdAt: "2026-11-21T09:00:00.000Z",
      acl: "private",
    });
  });
  afterEach(() => cloud.close());

  const body = { name: "api", grants: [{ bucket: "media", permission: "readwrite" }] };
  const create = async (change: object = {}) =>
    (await cloud.ok<{ key: Key }>("POST", "/v2/spaces/keys", { ...body, ...change })).key;

  it("show their secret once, and are read, changed and deleted", async () => {
    const { secret_key: secret, ...key } = await create();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(key.access_key).toMatch(/^DO[0-9A-F]{18}$/);
    const path = `/v2/spaces/keys/${key.access_key}`;
    expect(await cloud.ok("GET", path)).toEqual({ key: { ...key, ...body } });
    expect(await cloud.ok("PUT", path, { ...body, name: "renamed" })).toMatchObject({
      key: { name: "renamed" },
    });
    expect(await cloud.ok("PATCH", path, { grants: [] })).toMatchObject({
      key: { name: "renamed", grants: [] },
    });
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", path);
    await cloud.refusal(404, "DELETE", path);
  });

  it("are listed, filtered and sorted", async () => {
    await create({ name: "b" });
    await create({ name: "a", grants: [{ bucket: "", permission: "fullaccess" }] });
    const names = async (query: string) =>
      (await cloud.ok<{ keys: { name: string }[] }>("GET", `/v2/spaces/keys?${query}`)).keys.map(
        ({ name }) => name,
      );
    expect(await names("sort=name&sort_direction=asc")).toEqual(["a", "b"]);
    expect(await names("bucket=media")).toEqual(["b"]);
    expect(await names("permission=fullaccess")).toEqual(["a"]);
  });

  it.each([
    [{ name: "" }, "name: "],
    [{ grants: [{ bucket: "media", permission: "write" }] }, "grants.0.permission: "],
    [{ grants: [{ bucket: "nowhere", permission: "read" }] }, "there is no bucket nowhere"],
    [{ grants: [{ bucket: "", permission: "read" }] }, "read needs a bucket"],
    [{ grants: [{ bucket: "media", permission: "fullaccess" }] }, "leave the bucket empty"],
    [
      {
        grants: [
          { bucket: "", permission: "fullaccess" },
          { bucket: "media", permission: "read" },
        ],
      },
      "cannot be mixed",
    ],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/spaces/keys", { ...body, ...change })).toContain(message);
  });
});
