import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../sandbox/registry/digest.ts";
import {
  imageType,
  indexType,
  latencyMs,
  type RegistryClient,
  type RegistrySandbox,
  registrySandbox,
} from "./support.ts";

const digest = (text: string, like?: string) => digestOf(Buffer.from(text), like);

describe("the registry", () => {
  let sandbox: RegistrySandbox;
  let client: RegistryClient;
  beforeEach(async () => {
    sandbox = await registrySandbox();
    client = await sandbox.login("read_write=true");
  });
  afterEach(() => sandbox.close());

  const codeOf = async (answer: ReturnType<RegistryClient["send"]>) => {
    const { status, json } = await answer;
    return [status, json<{ errors: { code: string }[] }>().errors[0]?.code];
  };

  it("takes a blob in chunks, in their order, and gives ranges of it", async () => {
    const begun = await client.send("POST", "/v2/whisper/api/blobs/uploads/");
    const upload = String(begun.headers.location);
    const chunk = (text: string, range: string) =>
      client.send("PATCH", upload, { body: text, headers: { "content-range": range } });
    expect(await chunk("whisper", "0-6")).toMatchObject({ status: 202, headers: { range: "0-6" } });
    expect(await chunk("late", "9-12")).toMatchObject({ status: 416, headers: { range: "0-6" } });
    expect(await client.send("GET", upload)).toMatchObject({ status: 204, headers: { range: "0-6" } });
    const whole = digest("whispered", "sha512:");
    expect(await client.send("PUT", `${upload}?digest=${whole}`, { body: "ed" })).toMatchObject({
      status: 201,
      headers: { "docker-content-digest": whole, location: `/v2/whisper/api/blobs/${whole}` },
    });
    const blob = `/v2/whisper/api/blobs/${whole}`;
    expect((await client.send("GET", blob)).bytes.toString()).toBe("whispered");
    expect(await client.send("HEAD", blob)).toMatchObject({
      status: 200,
      headers: { "content-length": "9" },
    });
    const part = await client.send("GET", blob, { headers: { range: "bytes=7-" } });
    expect([part.status, part.bytes.toString(), part.headers["content-range"]]).toEqual([
      206,
      "ed",
      "bytes 7-8/9",
    ]);
    expect((await client.send("GET", blob, { headers: { range: "bytes=9-" } })).status).toBe(416);
  });

  it("keeps nothing of a blob that is not what was said", async () => {
    const uploads = "/v2/whisper/api/blobs/uploads/";
    const promised = digest("promised");
    expect(await codeOf(client.send("POST", `${uploads}?digest=${promised}`, { body: "other" }))).toEqual([
      400,
      "DIGEST_INVALID",
    ]);
    expect((await client.send("HEAD", `/v2/whisper/api/blobs/${promised}`)).status).toBe(404);
    expect(await codeOf(client.send("POST", `${uploads}?digest=md5:0`, { body: "other" }))).toEqual([
      400,
      "DIGEST_INVALID",
    ]);
    const { location } = (await client.send("POST", uploads)).headers;
    expect((await client.send("DELETE", String(location))).status).toBe(204);
    expect(await codeOf(client.send("PATCH", String(location), { body: "more" }))).toEqual([
      404,
      "BLOB_UPLOAD_UNKNOWN",
    ]);
    expect(sandbox.cloud.registries.contents.usedBytes("whisper")).toBe(0);
  });

  it("takes a blob over from another repository, and from no other registry", async () => {
    const blob = await client.pushBlob("whisper/api", "layer");
    const mount = (name: string, from: string) =>
      client.send("POST", `/v2/${name}/blobs/uploads/?mount=${blob.digest}&from=${from}`);
    expect((await mount("whisper/web", "whisper/api")).status).toBe(201);
    expect((await client.send("HEAD", `/v2/whisper/web/blobs/${blob.digest}`)).status).toBe(200);
    expect((await client.send("HEAD", `/v2/whisper/worker/blobs/${blob.digest}`)).status).toBe(404);
    await sandbox.cloud.ok("POST", "/v2/registries", { name: "second" });
    expect((await mount("second/api", "whisper/api")).status).toBe(202);
  });

  it("gives a manifest back by tag and by digest, byte for byte", async () => {
    const pushed = await client.pushImage("whisper/api", "1.0", "layer");
    const byTag = await client.send("GET", "/v2/whisper/api/manifests/1.0");
    expect(byTag.headers).toMatchObject({ "content-type": imageType, "docker-content-digest": pushed });
    expect(digestOf(byTag.bytes)).toBe(pushed);
    const head = await client.send("HEAD", `/v2/whisper/api/manifests/${pushed}`);
    expect([head.status, head.headers["content-length"], head.bytes.length]).toEqual([
      200,
      String(byTag.bytes.length),
      0,
    ]);
  });

  it("takes an index of images that it has, and moves a tag", async () => {
    const images = [
      await client.pushImage("whisper/api", "amd64", "layer a"),
      await client.pushImage("whisper/api", "arm64", "layer b"),
    ];
    const manifests = images.map((each) => ({ mediaType: imageType, digest: each, size: 1 }));
    const index = { schemaVersion: 2, mediaType: indexType, manifests };
    expect((await client.pushManifest("whisper/api", "amd64", index, indexType)).status).toBe(201);
    const moved = await client.send("GET", "/v2/whisper/api/manifests/amd64");
    expect(moved.headers["content-type"]).toBe(indexType);
    const absent = [...manifests, { mediaType: imageType, digest: digest("absent"), size: 1 }];
    expect(
      await codeOf(client.pushManifest("whisper/api", "2", { ...index, manifests: absent }, indexType)),
    ).toEqual([404, "MANIFEST_BLOB_UNKNOWN"]);
  });

  it("refuses manifests that are wrong", async () => {
    const layer = await client.pushBlob("whisper/api", "layer");
    const sound = { schemaVersion: 2, config: layer, layers: [layer] };
    const put = (manifest: object, reference = "1", type = imageType) =>
      codeOf(client.pushManifest("whisper/api", reference, manifest, type));
    const unknown = { ...layer, digest: digest("unknown") };
    expect(await put({ ...sound, layers: [unknown] })).toEqual([404, "MANIFEST_BLOB_UNKNOWN"]);
    expect(await put({ ...sound, layers: [{ ...layer, size: 4 }] })).toEqual([400, "SIZE_INVALID"]);
    expect(await put({ ...sound, mediaType: indexType })).toEqual([400, "MANIFEST_INVALID"]);
    expect(await put({ schemaVersion: 1 })).toEqual([400, "MANIFEST_INVALID"]);
    expect(await put(sound, "1", "text/plain")).toEqual([400, "MANIFEST_INVALID"]);
    expect(await put(sound, digest("other"))).toEqual([400, "DIGEST_INVALID"]);
    expect(await put(sound, ".bad")).toEqual([400, "TAG_INVALID"]);
    expect(await codeOf(client.send("GET", "/v2/whisper/UPPER/manifests/1"))).toEqual([400, "NAME_INVALID"]);
  });

  it("lists tags page by page", async () => {
    for (const tag of ["b", "c", "a"]) await client.pushImage("whisper/api", tag, "layer");
    const first = await client.send("GET", "/v2/whisper/api/tags/list?n=2");
    expect(first.json()).toEqual({ name: "whisper/api", tags: ["a", "b"] });
    const next = /^<(.+)>; rel="next"$/.exec(String(first.headers.link))?.[1] ?? "";
    const second = await client.send("GET", next);
    expect(second.json()).toEqual({ name: "whisper/api", tags: ["c"] });
    expect(second.headers.link).toBeUndefined();
    expect(await codeOf(client.send("GET", "/v2/whisper/api/tags/list?n=x"))).toEqual([
      400,
      "PAGINATION_NUMBER_INVALID",
    ]);
    expect(await codeOf(client.send("GET", "/v2/whisper/none/tags/list"))).toEqual([404, "NAME_UNKNOWN"]);
  });

  it("knows what is said of an image, and deletes by tag and by digest", async () => {
    const image = await client.pushImage("whisper/api", "1", "layer");
    const subject = { mediaType: imageType, digest: image, size: 1 };
    await client.pushImage("whisper/api", "signature", "signed", { subject, artifactType: "a/signature" });
    const referrers = await client.send("GET", `/v2/whisper/api/referrers/${image}`);
    expect(referrers.json()).toMatchObject({ manifests: [{ artifactType: "a/signature" }] });
    expect((await client.send("DELETE", "/v2/whisper/api/manifests/signature")).status).toBe(202);
    expect((await client.send("DELETE", `/v2/whisper/api/manifests/${image}`)).status).toBe(202);
    expect(await codeOf(client.send("GET", "/v2/whisper/api/manifests/1"))).toEqual([
      404,
      "MANIFEST_UNKNOWN",
    ]);
  });

  it("keeps images and unfinished uploads over a restart, and loses them with the registry", async () => {
    const image = await client.pushImage("whisper/api", "1", "layer");
    const { location } = (await client.send("POST", "/v2/whisper/api/blobs/uploads/")).headers;
    await client.send("PATCH", String(location), { body: "half" });
    await sandbox.restart();
    expect((await client.send("GET", `/v2/whisper/api/manifests/${image}`)).status).toBe(200);
    const whole = digest("half of it");
    expect((await client.send("PUT", `${location}?digest=${whole}`, { body: " of it" })).status).toBe(201);
    await sandbox.cloud.ok("DELETE", "/v2/registry");
    await sandbox.cloud.ok("POST", "/v2/registry", { name: "whisper", subscription_tier_slug: "basic" });
    const again = await sandbox.login("read_write=true");
    expect((await again.send("GET", "/v2/whisper/api/tags/list")).status).toBe(404);
    expect((await again.send("HEAD", `/v2/whisper/api/blobs/${whole}`)).status).toBe(404);
  });

  it("is read-only while its garbage is collected", async () => {
    await client.pushImage("whisper/api", "1", "layer");
    await sandbox.cloud.ok("POST", "/v2/registry/whisper/garbage-collection");
    expect((await client.send("POST", "/v2/whisper/api/blobs/uploads/")).status).toBe(401);
    expect((await client.send("GET", "/v2/whisper/api/manifests/1")).status).toBe(200);
    sandbox.cloud.advance(latencyMs);
    expect((await client.send("POST", "/v2/whisper/api/blobs/uploads/")).status).toBe(202);
  });
});

describe("a plan", () => {
  it("limits how many repositories and how many bytes a registry has", async () => {
    const sandbox = await registrySandbox("starter");
    const client = await sandbox.login("read_write=true");
    await client.pushImage("whisper/api", "1", "layer");
    const second = await client.send("POST", "/v2/whisper/web/blobs/uploads/");
    expect([second.status, second.bytes.toString()]).toEqual([
      403,
      expect.stringContaining("registry contains 1 repositories, limit is 1"),
    ]);
    const { contents } = sandbox.cloud.registries;
    const bytes = 1024 ** 3 / 2;
    const [known] = contents.records.blobs.list();
    if (known === undefined) throw new Error("nothing was pushed");
    contents.records.blobs.put("a large one", { ...known, sizeBytes: bytes });
    const full = await client.send("POST", `/v2/whisper/api/blobs/uploads/?digest=${digest("x")}`, {
      body: "x",
    });
    expect([full.status, full.bytes.toString()]).toEqual([
      403,
      expect.stringContaining("the plan's storage"),
    ]);
    await sandbox.close();
  });
});
