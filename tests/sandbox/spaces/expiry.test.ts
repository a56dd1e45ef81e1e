import { array, assert, constantFrom, integer, option, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { expireVersions, lastNight } from "../../../sandbox/spaces/expiry.ts";
import type { Bucket, LifecycleRule, Version } from "../../../sandbox/spaces/model.ts";

const day = 24 * 60 * 60 * 1000;
const start = Date.parse("2026-11-22T00:00:00Z");
const iso = (timeMs: number) => new Date(timeMs).toISOString();

const object = (writtenAt: string, versionId = "null"): Version => ({
  kind: "object",
  versionId,
  lastModified: writtenAt,
  headers: {},
  metadata: {},
  tags: {},
  acl: "private",
  etag: "",
  sizeBytes: 0,
  segments: [],
});
const marker = (writtenAt: string, versionId = "m"): Version => ({
  kind: "delete-marker",
  versionId,
  lastModified: writtenAt,
});
const bucketWith = (
  rule: Partial<LifecycleRule>,
  { versioning = "Enabled", lifecycleSince = "2026-11-01T00:00:00Z" }: Partial<Bucket> = {},
): Bucket => ({
  name: "b",
  region: "fra1",
  createdAt: "2026-11-01T00:00:00Z",
  acl: "private",
  versioning,
  lifecycle: [{ id: "r", enabled: true, prefix: "", ...rule }],
  lifecycleSince,
});
/** The kinds that are left, the newest first. */
const left = (bucket: Bucket, versions: Version[], until: string, key = "k") =>
  expireVersions(bucket, key, versions, Date.parse(until)).map(({ kind, versionId }) =>
    kind === "object" ? versionId : "marker",
  );

describe("a lifecycle rule", () => {
  it("acts in the night after its days are over, and not a moment before", () => {
    const bucket = bucketWith({ expiration: { days: 3 } });
    const versions = [object("2026-11-15T10:30:00Z", "a")];
    expect(left(bucket, versions, "2026-11-18T23:59:59.999Z")).toEqual(["a"]);
    expect(left(bucket, versions, "2026-11-19T00:00:00Z")).toEqual(["marker", "a"]);
    expect(expireVersions(bucket, "k", versions, Date.parse("2026-11-30"))[0]?.lastModified).toBe(
      "2026-11-19T00:00:00.000Z",
    );
  });

  it("finds days over at once that are over at midnight", () => {
    const bucket = bucketWith({ expiration: { days: 1 } });
    expect(left(bucket, [object("2026-11-15T00:00:00Z", "a")], "2026-11-16T00:00:00Z")).toContain("marker");
  });

  it("acts on what is there already, from the night on after it was put", () => {
    const bucket = bucketWith({ expiration: { days: 1 } }, { lifecycleSince: "2026-11-20T09:00:00Z" });
    const versions = [object("2026-01-01T00:00:00Z", "a")];
    expect(left(bucket, versions, "2026-11-20T23:59:59Z")).toEqual(["a"]);
    expect(left(bucket, versions, "2026-11-21T00:00:00Z")).toEqual(["marker", "a"]);
  });

  it("leaves alone what its prefix does not name, and everything while it is disabled", () => {
    const versions = [object("2026-11-01T00:00:00Z", "a")];
    const rule = { expiration: { days: 1 }, prefix: "logs/" };
    expect(left(bucketWith(rule), versions, "2027-01-01", "logs/1")).toEqual(["marker", "a"]);
    expect(left(bucketWith(rule), versions, "2027-01-01", "log")).toEqual(["a"]);
    expect(left(bucketWith({ ...rule, enabled: false }), versions, "2027-01-01", "logs/1")).toEqual(["a"]);
  });

  it("expires on a date what was written before it and after it", () => {
    const bucket = bucketWith({ expiration: { date: "2026-12-01T00:00:00Z" } });
    expect(left(bucket, [object("2026-11-02T00:00:00Z", "a")], "2026-11-30T23:00:00Z")).toEqual(["a"]);
    expect(left(bucket, [object("2026-11-02T00:00:00Z", "a")], "2026-12-01T00:00:00Z")).toContain("marker");
    expect(left(bucket, [object("2026-12-05T12:00:00Z", "b")], "2026-12-05T23:00:00Z")).toEqual(["b"]);
    expect(left(bucket, [object("2026-12-05T12:00:00Z", "b")], "2026-12-06T00:00:00Z")).toContain("marker");
  });

  it("counts a noncurrent version's days from when it was replaced, not from when it was written", () => {
    const bucket = bucketWith({ noncurrentDays: 2 });
    const versions = [object("2026-11-20T08:00:00Z", "new"), object("2026-11-02T08:00:00Z", "old")];
    expect(left(bucket, versions, "2026-11-22T23:59:59Z")).toEqual(["new", "old"]);
    expect(left(bucket, versions, "2026-11-23T00:00:00Z")).toEqual(["new"]);
  });

  it("removes without versioning, and with it suspended what has no id", () => {
    const rule = { expiration: { days: 1 } };
    const { versioning: _never, ...unversioned } = bucketWith(rule);
    expect(left(unversioned, [object("2026-11-02T00:00:00Z")], "2026-12-01")).toEqual([]);
    const suspended = bucketWith(rule, { versioning: "Suspended" });
    expect(left(suspended, [object("2026-11-03T00:00:00Z")], "2026-11-04T00:00:00Z")).toEqual(["marker"]);
    expect(
      left(
        suspended,
        [object("2026-11-03T00:00:00Z", "a"), object("2026-11-02T00:00:00Z")],
        "2026-11-04T00:00:00Z",
      ),
    ).toEqual(["marker", "a"]);
  });

  it("removes a delete marker that hides nothing: when it is old enough, or by name in the next night", () => {
    const alone = [marker("2026-11-10T12:00:00Z")];
    const hiding = [...alone, object("2026-11-09T12:00:00Z", "a")];
    const aged = bucketWith({ expiration: { days: 5 } });
    expect(left(aged, alone, "2026-11-15T00:00:00Z")).toEqual(["marker"]);
    expect(left(aged, alone, "2026-11-16T00:00:00Z")).toEqual([]);
    expect(left(aged, hiding, "2027-01-01")).toEqual(["marker", "a"]);
    const named = bucketWith({ expiration: { expiredObjectDeleteMarker: true } });
    expect(left(named, alone, "2026-11-11T00:00:00Z")).toEqual([]);
    expect(left(named, hiding, "2027-01-01")).toEqual(["marker", "a"]);
  });

  it("follows what an earlier night left: hidden, then noncurrent for its time, then not even a marker", () => {
    const bucket = bucketWith({ expiration: { days: 7 }, noncurrentDays: 30 });
    const versions = [object("2026-11-01T06:00:00Z", "a")];
    expect(left(bucket, versions, "2026-11-09T00:00:00Z")).toEqual(["marker", "a"]);
    expect(left(bucket, versions, "2026-12-08T23:59:59Z")).toEqual(["marker", "a"]);
    expect(left(bucket, versions, "2026-12-09T00:00:00Z")).toEqual([]);
  });
});

describe("nights that are made up for", () => {
  const days = integer({ min: 1, max: 6 });
  const rule = record(
    {
      expiration: constantFrom(
        { days: 1 },
        { days: 4 },
        { date: iso(start + 5 * day) },
        { expiredObjectDeleteMarker: true },
      ),
      noncurrentDays: days,
    },
    { requiredKeys: [] },
  );
  const history = array(record({ hour: integer({ min: 0, max: 96 }), deleted: constantFrom(true, false) }), {
    minLength: 1,
    maxLength: 5,
  });
  const versioning = option(constantFrom("Enabled" as const, "Suspended" as const), { nil: undefined });

  it("leave what each of them would have left", () => {
    assert(
      property(
        array(rule, { minLength: 1, maxLength: 3 }),
        history,
        versioning,
        (rules, written, versioned) => {
          const { versioning: _own, ...plain } = bucketWith({});
          const bucket: Bucket = {
            ...plain,
            ...(versioned && { versioning: versioned }),
            lifecycle: rules.map((each, index) => ({
              id: String(index),
              enabled: true,
              prefix: "",
              ...each,
            })),
          };
          const versions = [...written]
            .sort((a, b) => b.hour - a.hour)
            .map(({ hour, deleted }, index) => {
              const at = iso(start + hour * 60 * 60 * 1000);
              return deleted ? marker(at, `v${index}`) : object(at, `v${index}`);
            });
          const until = start + 30 * day;
          let nightly: readonly Version[] = versions;
          for (let night = lastNight(start + 4 * day); night <= until; night += day) {
            nightly = expireVersions(bucket, "k", nightly, night);
          }
          const shape = (all: readonly Version[]) =>
            all.map(({ kind, lastModified }) => [kind, lastModified]);
          expect(shape(expireVersions(bucket, "k", versions, until))).toEqual(shape(nightly));
        },
      ),
    );
  });
});
