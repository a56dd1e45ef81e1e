import { describe, expect, it } from "vitest";
import { ObjectStorage, type ObjectStorageArgs } from "../../components/object-storage/object-storage.ts";
import { isSecret, record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const make = (args: Partial<ObjectStorageArgs> = {}) =>
  new ObjectStorage("media", { region: "tor1", nameSuffix: "k7f2q", ...args });
const storage = (args?: Partial<ObjectStorageArgs>) => record(() => make(args));

describe("object storage", () => {
  it("is one private, versioned, protected bucket", async () => {
    const recording = await storage();
    expect(recording.names()).toEqual(["media", "media-bucket"]);
    expect(recording.named("media-bucket").inputs).toEqual({
      name: "media-k7f2q",
      region: "tor1",
      acl: "private",
      versioning: { enabled: true },
      lifecycleRules: [
        {
          id: "superseded-versions",
          enabled: true,
          noncurrentVersionExpiration: { days: 30 },
          expiration: { expiredObjectDeleteMarker: true },
          abortIncompleteMultipartUploadDays: 7,
        },
      ],
      forceDestroy: false,
    });
    expect(recording.named("media-bucket").protect).toBe(true);
  });

  it("declares what undoes a mistake in it, and what its consumers can bear", async () => {
    const store = {
      store: "objects",
      backup: "versions",
      recovery: { point: "1d", time: "4h" },
      retention: "30d",
    };
    expect((await storage()).named("media").inputs).toMatchObject({ store });
    const recovery = { point: "everything", time: "30m" } as const;
    expect((await storage({ recovery, supersededDays: 7 })).named("media").inputs).toMatchObject({
      store: { ...store, recovery, retention: "7d" },
    });
  });

  it("keeps versions and objects as long as told", async () => {
    const recording = await storage({ supersededDays: 90, expireDays: 365 });
    expect(recording.named("media-bucket").inputs).toMatchObject({
      lifecycleRules: [
        { noncurrentVersionExpiration: { days: 90 } },
        { id: "expired-objects", enabled: true, expiration: { days: 365 } },
      ],
    });
  });

  it("can be let go, with what is in it", async () => {
    const recording = await storage({ protect: false, forceDestroy: true });
    expect(recording.named("media-bucket")).toMatchObject({ protect: false, inputs: { forceDestroy: true } });
  });

  it("lets the named pages read and upload", async () => {
    const recording = await storage({ corsOrigins: ["https://app.example.com"] });
    expect(recording.named("media-cors").inputs).toMatchObject({
      bucket: "media-bucket-id",
      region: "tor1",
      corsRules: [{ allowedOrigins: ["https://app.example.com"], exposeHeaders: ["ETag"] }],
    });
  });

  it("gives each consumer a key of its own, to this bucket alone", async () => {
    const recording = await record(
      () =>
        new ObjectStorage("media", {
          region: "tor1",
          nameSuffix: "k7f2q",
          consumers: { api: "readwrite", worker: "read" },
        }),
    );
    expect(recording.named("media-key-api").inputs).toEqual({
      name: "media-key-api",
      grants: [{ bucket: "media-k7f2q", permission: "readwrite" }],
    });
    expect(recording.named("media-key-worker").inputs).toMatchObject({
      grants: [{ bucket: "media-k7f2q", permission: "read" }],
    });
    const { api, worker } = recording.result.grants;
    expect(await resolved(api)).toEqual({
      bucket: "media-k7f2q",
      region: "tor1",
      endpoint: "https://tor1.digitaloceanspaces.com",
      accessKeyId: "access-media-key-api",
      secretAccessKey: "secret-media-key-api",
      permission: "readwrite",
    });
    expect(worker.permission).toBe("read");
    expect(await isSecret(api.secretAccessKey)).toBe(true);
    expect(await isSecret(api.accessKeyId)).toBe(false);
  });

  itRefuses<ObjectStorageArgs>(make, [
    ["a region without Spaces", { region: "nyc1" }, ["region"]],
    ["a suffix no bucket can have", { nameSuffix: "K7_" }, ["nameSuffix"]],
    ["a name too long", { nameSuffix: "x".repeat(58) }, ["nameSuffix"]],
    ["versions kept for no time", { supersededDays: 0 }, ["supersededDays"]],
    [
      "recovery in what is no time",
      { recovery: { point: "1.5h", time: "-1d" } },
      ["recovery.point", "recovery.time"],
    ],
    ["objects kept for half a day", { expireDays: 0.5 }, ["expireDays"]],
    ["an origin with a path", { corsOrigins: ["https://app.example.com/x"] }, ["corsOrigins[0]"]],
    ["every origin", { corsOrigins: ["https://app.example.com", "*"] }, ["corsOrigins[1]"]],
    [
      "several faults at once",
      { region: "mars1", nameSuffix: "", supersededDays: -1 },
      ["region", "nameSuffix", "supersededDays"],
    ],
  ]);
});
