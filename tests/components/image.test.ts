import { describe, expect, it } from "vitest";
import { Image, type ImageArgs } from "../../components/image/image.ts";
import { record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const reference = "registry.digitalocean.com/whisper/api:1.4.2";
const digest = `${reference}@sha256:${"a".repeat(64)}`;
const source = { context: "/src/transcription" };
const make = (args: Partial<ImageArgs> = {}) => new Image("api", { reference, ...args });

describe("an image", () => {
  it("that somebody else has pushed is what it is called", async () => {
    const recording = await record(() => make());
    expect(recording.names()).toEqual(["api"]);
    expect(await resolved(recording.result.reference)).toBe(reference);
  });

  it("is built for both platforms, and pushed under its tag", async () => {
    const recording = await record(() => make({ source }));
    expect(recording.named("api-build").inputs).toMatchObject({
      tags: [reference],
      context: { location: "/src/transcription" },
      dockerfile: { location: "/src/transcription/Dockerfile" },
      platforms: ["linux/amd64", "linux/arm64"],
      push: true,
      buildOnPreview: false,
    });
  });

  it("is built as told", async () => {
    const dockerfile = "/platform/images/worker/Dockerfile";
    const recording = await record(() =>
      make({
        source: {
          ...source,
          dockerfile,
          target: "runtime",
          buildArguments: { GPU_BRAND: "amd" },
          platforms: ["linux/amd64"],
        },
      }),
    );
    expect(recording.named("api-build").inputs).toMatchObject({
      dockerfile: { location: dockerfile },
      target: "runtime",
      buildArgs: { GPU_BRAND: "amd" },
      platforms: ["linux/amd64"],
    });
  });

  it("is pinned by a tag of its own, which is known beforehand", async () => {
    const recording = await record(() => make({ pin: "staging" }));
    expect(recording.named("api-pin").inputs).toEqual({
      tag: `${reference}-staging`,
      sources: [reference],
      push: true,
    });
    expect(recording.result.tag).toBe(`${reference}-staging`);
  });

  it("with a digest has nothing that could be pinned", async () => {
    const recording = await record(() => make({ reference: digest, pin: "staging" }));
    expect(recording.names()).toEqual(["api"]);
    expect(await resolved(recording.result.reference)).toBe(digest);
    expect(recording.result.tag).toBe(digest);
  });

  itRefuses<ImageArgs>(make, [
    ["no version", { reference: "registry.digitalocean.com/whisper/api" }, ["reference"]],
    ["a tag that moves", { reference: "registry.digitalocean.com/whisper/api:latest" }, ["reference"]],
    ["a source for a digest", { reference: digest, source }, ["source"]],
    [
      "paths that depend on where it runs",
      { source: { context: "src", dockerfile: "Dockerfile" } },
      ["source.context", "source.dockerfile"],
    ],
    ["a pin that is no tag", { pin: "a b" }, ["pin"]],
    ["a tag that gets too long", { pin: "x".repeat(128) }, ["pin"]],
  ]);
});
