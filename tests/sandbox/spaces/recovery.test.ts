import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Upload } from "../../../sandbox/spaces/model.ts";
import { SpacesState } from "../../../sandbox/spaces/state.ts";
import { openStore, type Store } from "../../../sandbox/store/store.ts";

let directory: string;
let store: Store;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "spaces-recovery-"));
  store = openStore(join(directory, "data"));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const described = { headers: {}, metadata: {}, tags: {}, acl: "private" as const };
const at = "2026-11-21T09:00:00.000Z";

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half");
  throw new Error("the client has gone away");
}

describe("what a killed server leaves", () => {
  const open = () => new SpacesState(store, directory);
  const files = (folder: "blobs" | "incoming") => readdirSync(join(directory, folder));

  it("is swept away: half-written files, and bytes that nothing refers to", async () => {
    const state = open();
    state.putBucket({ name: "media", region: "fra1", createdAt: at, acl: "private" });
    const kept = await state.blobs.write(bytes("kept"));
    await state.putVersion("media", "k", {
      ...described,
      kind: "object",
      versionId: "null",
      lastModified: at,
      etag: "",
      sizeBytes: kept.sizeBytes,
      segments: [kept],
    });
    await state.blobs.write(bytes("written, and its record was not"));
    writeFileSync(join(directory, "incoming", "half"), "ha");
    open();
    expect(files("blobs")).toEqual([kept.blob]);
    expect(files("incoming")).toEqual([]);
  });

  it("is no upload any more when its object is there: aborting it would take the object's bytes", async () => {
    const state = open();
    state.putBucket({ name: "media", region: "fra1", createdAt: at, acl: "private" });
    const segment = await state.blobs.write(bytes("part"));
    const part = { number: 1, etag: "", lastModified: at, segment };
    const upload: Upload = {
      ...described,
      id: "u",
      bucket: "media",
      key: "k",
      initiatedAt: at,
      parts: [part],
    };
    state.uploads.put("u", upload);
    state.uploads.put("v", { ...upload, id: "v", parts: [] });
    await state.putVersion("media", "k", {
      ...described,
      kind: "object",
      versionId: "null",
      lastModified: at,
      etag: "",
      sizeBytes: 4,
      segments: [segment],
    });
    const after = open();
    expect(after.uploads.list().map(({ id }) => id)).toEqual(["v"]);
    expect(files("blobs")).toEqual([segment.blob]);
  });

  it("is nothing when the bytes end in an error", async () => {
    const state = open();
    await expect(state.blobs.write(failing())).rejects.toThrow("gone away");
    expect([files("blobs"), files("incoming")]).toEqual([[], []]);
  });

  it("is nothing of an object whose bucket went while it was on its way", async () => {
    const state = open();
    const segment = await state.blobs.write(bytes("late"));
    const version = { ...described, kind: "object" as const, versionId: "null", lastModified: at, etag: "" };
    const put = state.putVersion("gone", "k", { ...version, sizeBytes: 4, segments: [segment] });
    await expect(put).rejects.toMatchObject({ code: "NoSuchBucket" });
    expect(files("blobs")).toEqual([]);
  });
});
