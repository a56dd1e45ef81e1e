import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  latencyMs,
  type RegistryClient,
  type RegistrySandbox,
  registrySandbox,
} from "../registry/support.ts";

describe("what a registry holds, in the API", () => {
  let sandbox: RegistrySandbox;
  let client: RegistryClient;
  beforeEach(async () => {
    sandbox = await registrySandbox();
    client = await sandbox.login("read_write=true");
  });
  afterEach(() => sandbox.close());

  const base = "/v2/registry/whisper";

  it("is repositories with tags and digests", async () => {
    const image = await client.pushImage("whisper/team/api", "1", "layer");
    const { cloud } = sandbox;
    expect(await cloud.ok("GET", `${base}/repositoriesV2`)).toMatchObject({
      repositories: [
        { name: "team/api", tag_count: 1, manifest_count: 1, latest_manifest: { digest: image } },
      ],
      meta: { total: 1 },
    });
    expect(await cloud.ok("GET", `${base}/repositories`)).toMatchObject({
      repositories: [{ name: "team/api", latest_tag: { tag: "1", manifest_digest: image } }],
    });
    expect(await cloud.ok("GET", `${base}/repositories/team%2Fapi/tags`)).toMatchObject({
      tags: [{ tag: "1", manifest_digest: image }],
    });
    expect(await cloud.ok("GET", `${base}/repositories/team%2Fapi/digests`)).toMatchObject({
      manifests: [{ digest: image, tags: ["1"], blobs: [{}, { compressed_size_bytes: 5 }] }],
    });
    const { registry } = await cloud.ok<{ registry: { storage_usage_bytes: number } }>("GET", "/v2/registry");
    expect(registry.storage_usage_bytes).toBeGreaterThan("layer".length);
  });

  it("can be deleted by tag, by digest and by repository", async () => {
    const { cloud } = sandbox;
    const repository = "/v2/registries/whisper/repositories/api";
    const image = await client.pushImage("whisper/api", "1", "layer");
    await cloud.ok("DELETE", `${repository}/tags/1`);
    await cloud.refusal(404, "DELETE", `${repository}/tags/1`);
    await cloud.ok("DELETE", `${repository}/digests/${image}`);
    await cloud.refusal(404, "GET", `${repository}/tags`);
    await client.pushImage("whisper/api", "2", "layer");
    await cloud.ok("DELETE", repository);
    expect(await cloud.ok("GET", `${base}/repositoriesV2`)).toMatchObject({ repositories: [] });
  });

  it("loses to a garbage collection what no tag leads to, and its bytes", async () => {
    const { cloud } = sandbox;
    const images = [await client.pushImage("whisper/api", "a", "in the index")];
    const index = {
      schemaVersion: 2,
      manifests: images.map((digest) => ({ mediaType: "", digest, size: 1 })),
    };
    await client.pushManifest("whisper/api", "a", index, "application/vnd.oci.image.index.v1+json");
    const old = await client.pushImage("whisper/api", "b", "old layer");
    const current = await client.pushImage("whisper/api", "b", "new layer");

    const collect = async (body: object | undefined) => {
      await cloud.ok("POST", `${base}/garbage-collection`, body);
      cloud.advance(latencyMs);
      const { garbage_collections: all } = await cloud.ok<{ garbage_collections: object[] }>(
        "GET",
        `${base}/garbage-collections`,
      );
      return all;
    };
    expect(await collect(undefined)).toMatchObject([{ status: "succeeded", blobs_deleted: 0 }]);
    const everything = { type: "untagged manifests and unreferenced blobs" };
    expect(await collect(everything)).toMatchObject([
      { status: "succeeded", blobs_deleted: 2 },
      { status: "succeeded" },
    ]);
    const status = async (digest: string) =>
      (await client.send("HEAD", `/v2/whisper/api/manifests/${digest}`)).status;
    expect(await Promise.all([...images, old, current].map(status))).toEqual([200, 404, 200]);
  });

  it("is left alone by a garbage collection that was cancelled", async () => {
    const { cloud } = sandbox;
    await client.pushBlob("whisper/api", "garbage");
    const { garbage_collection: begun } = await cloud.ok<{ garbage_collection: { uuid: string } }>(
      "POST",
      `${base}/garbage-collection`,
    );
    await cloud.ok("PUT", `${base}/garbage-collection/${begun.uuid}`, { cancel: true });
    cloud.advance(latencyMs);
    expect(await cloud.ok("GET", `${base}/garbage-collections`)).toMatchObject({
      garbage_collections: [{ status: "cancelled", blobs_deleted: 0 }],
    });
    expect(sandbox.cloud.registries.contents.usedBytes("whisper")).toBe("garbage".length);
  });
});
