import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDockerBuildProvider } from "../../../../sandbox/providers/docker-build/provider.ts";
import type { CallContext, PropertyMap, ProviderSession } from "../../../../sandbox/providers/kit/index.ts";
import { UNKNOWN } from "../../../../sandbox/providers/kit/values.ts";
import { testToken } from "../../cloud/support/cloud.ts";
import { type RegistryClient, type RegistrySandbox, registrySandbox } from "../../registry/support.ts";

const image = "docker-build:index:Image";
const index = "docker-build:index:Index";
const api = "registry.digitalocean.com/whisper/api:1.0";
const quiet: CallContext = {
  urn: "",
  signal: new AbortController().signal,
  progress: () => undefined,
  warn: () => undefined,
};

describe("the stand-in for docker-build", () => {
  let sandbox: RegistrySandbox;
  let client: RegistryClient;
  let session: ProviderSession;
  let context: string;

  beforeEach(async () => {
    sandbox = await registrySandbox();
    await sandbox.server.listen({ port: 0, host: "127.0.0.1" });
    const { port } = sandbox.server.server.address() as AddressInfo;
    const provider = createDockerBuildProvider({ url: () => `http://127.0.0.1:${port}`, token: testToken });
    session = await provider.configure({}, quiet);
    client = await sandbox.login("read_write=true");
    context = mkdtempSync(join(tmpdir(), "context-"));
    writeFileSync(join(context, "Dockerfile"), "FROM scratch\n");
  });
  afterEach(async () => {
    await sandbox.close();
    rmSync(context, { recursive: true, force: true });
  });

  const source = (): PropertyMap => ({
    tags: [api],
    context: { location: context },
    platforms: ["linux/amd64", "linux/arm64"],
    push: true,
  });
  const identity = (type: string) => ({ urn: `urn:pulumi:dev::test::${type}::it`, type, name: "it" });
  const check = async (type: string, inputs: PropertyMap) => {
    const unset = { oldInputs: undefined, randomSeed: new Uint8Array(), autonaming: undefined };
    return session.check({ ...identity(type), inputs, ...unset }, quiet);
  };
  async function make(type: string, given: PropertyMap, preview = false) {
    const { inputs, failures } = await check(type, given);
    expect(failures).toEqual([]);
    const made = await session.create(
      { ...identity(type), inputs, preview, timeoutSeconds: undefined },
      quiet,
    );
    return { ...identity(type), inputs, ...made };
  }
  const changes = async (made: Awaited<ReturnType<typeof make>>, given: PropertyMap) => {
    const { inputs } = await check(made.type, given);
    const { id, inputs: oldInputs, outputs: oldOutputs } = made;
    const request = {
      ...identity(made.type),
      id,
      oldInputs,
      oldOutputs,
      newInputs: inputs,
      ignoreChanges: [],
    };
    const { properties } = await session.diff(request, quiet);
    return properties.map(({ path, replace }) => `${path.join(".")}${replace ? " (replaces)" : ""}`);
  };
  const pulled = async (reference: string) => {
    const { status, headers, bytes } = await client.send("GET", `/v2/whisper/api/manifests/${reference}`);
    return { status, digest: headers["docker-content-digest"], text: bytes.toString() };
  };

  it("pushes an image for each platform, which the source alone decides", async () => {
    const first = await make(image, source());
    const { digest, text } = await pulled("1.0");
    expect(first.outputs).toMatchObject({ digest, ref: `${api}@${digest}` });
    expect(JSON.parse(text)).toMatchObject({
      manifests: [{ platform: { architecture: "amd64" } }, { platform: { architecture: "arm64" } }],
    });
    expect(await changes(first, source())).toEqual([]);
    expect((await make(image, source())).outputs.digest).toBe(digest);
    writeFileSync(join(context, "main.py"), "print()\n");
    expect(await changes(first, source())).toEqual(["contextHash"]);
    expect((await make(image, source())).outputs.digest).not.toBe(digest);
  });

  it("pushes nothing in a preview, and knows nothing of what there is not yet", async () => {
    expect((await make(image, source(), true)).outputs).toMatchObject({ ref: UNKNOWN, digest: UNKNOWN });
    expect((await pulled("1.0")).status).toBe(404);
    const pin = { tag: `${api}-staging`, sources: [api] };
    expect((await make(index, pin, true)).outputs).toMatchObject({ ref: UNKNOWN });
  });

  it("leaves the inputs that the vendor's plugin leaves", async () => {
    expect((await check(image, source())).inputs).toEqual({
      ...source(),
      buildOnPreview: true,
      dockerfile: { inline: "", location: join(context, "Dockerfile") },
      exec: false,
      load: false,
      network: "default",
      noCache: false,
      pull: false,
      target: "",
    });
  });

  it("does not see what the build does not", async () => {
    writeFileSync(
      join(context, ".dockerignore"),
      "# what is made again\n**/*.log\n!kept.log\nnode_modules\n",
    );
    mkdirSync(join(context, "node_modules"));
    const made = await make(image, source());
    writeFileSync(join(context, "build.log"), "1");
    writeFileSync(join(context, "node_modules", "main.js"), "1");
    expect(await changes(made, source())).toEqual([]);
    writeFileSync(join(context, "kept.log"), "1");
    expect(await changes(made, source())).toEqual(["contextHash"]);
  });

  it("pins an image by a tag that stays when the other moves", async () => {
    const digest = await client.pushImage("whisper/api", "1.0", "layer");
    const pin = { tag: `${api}-staging`, sources: [api] };
    const pinned = await make(index, pin);
    expect(pinned.outputs.ref).toBe(`${api}-staging@${digest}`);
    await client.pushImage("whisper/api", "1.0", "another layer");
    const read = await session.read(pinned, quiet);
    expect(read?.outputs.ref).toBe(`${api}-staging@${digest}`);
    expect(await changes(pinned, pin)).toEqual([]);
    expect(await changes(pinned, { ...pin, tag: `${api}-production` })).toEqual(["tag (replaces)"]);
  });

  it("makes an index of several images, and deletes it", async () => {
    await client.pushImage("whisper/api", "1.0-amd64", "a");
    await client.pushImage("whisper/api", "1.0-arm64", "b");
    const made = await make(index, { tag: api, sources: [`${api}-amd64`, `${api}-arm64`] });
    expect(JSON.parse((await pulled("1.0")).text).manifests).toHaveLength(2);
    await session.delete({ ...made, timeoutSeconds: undefined }, quiet);
    expect((await pulled("1.0")).status).toBe(404);
    expect(await session.read(made, quiet)).toBeUndefined();
  });

  it("refuses what is not there and what it cannot do, each at its place", async () => {
    await expect(make(index, { tag: `${api}-staging`, sources: [api] })).rejects.toThrow("not found");
    const { failures } = await check(image, {
      ...source(),
      context: { location: join(context, "absent") },
      tags: ["docker.io/library/api:1"],
      platforms: ["linux/s390x"],
      push: false,
      tag: "misspelt",
    });
    expect(failures.map(({ path }) => path.join("."))).toEqual([
      "tag",
      "context.location",
      "dockerfile.location",
      "push",
      "tags.0",
      "platforms.0",
    ]);
    const faults = async (type: string, inputs: PropertyMap) =>
      (await check(type, inputs)).failures.map(({ path }) => path.join("."));
    const { tags: _, ...untagged } = source();
    expect(await faults(image, untagged)).toEqual(["tags"]);
    expect(await faults(image, { ...source(), dockerfile: { inline: "FROM scratch" } })).toEqual([
      "dockerfile.inline",
    ]);
    expect(await faults(index, { tag: api })).toEqual(["sources"]);
  });
});
