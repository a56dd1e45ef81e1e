import { statSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../registry/digest.ts";
import { imageType, indexType } from "../../registry/manifest.ts";
import { type CheckFailure, ProviderError } from "../kit/errors.ts";
import { isPropertyMap, type PropertyMap, UNKNOWN } from "../kit/values.ts";
import { contextHash } from "./context-hash.ts";
import { parseImageName, type RegistryClient } from "./registry-client.ts";
import { type DockerBuildType, textOf, textsOf } from "./type.ts";

const configType = "application/vnd.oci.image.config.v1+json";

/** Where the vendor's plugin builds when no platform is named: on this machine's own. */
const ownPlatform = `linux/${process.arch === "x64" ? "amd64" : process.arch}`;

/**
 * Stands for a build: what is pushed is an image without a layer for each platform, labelled with the hash of the context
 * and the arguments, so that the same source has the same digest and another one another.
 */
export const image: DockerBuildType = {
  token: "docker-build:index:Image",
  inputs: [
    ...[
      "addHosts",
      "buildArgs",
      "buildOnPreview",
      "builder",
      "cacheFrom",
      "cacheTo",
      "context",
      "dockerfile",
    ],
    ...["exec", "exports", "ignoreSecretsInDiffCalculation", "labels", "load", "network", "noCache"],
    ...["platforms", "pull", "push", "registries", "secrets", "ssh", "tags", "target"],
  ],
  required: ["push"],
  fillIn: (inputs) => ({
    ...lacking(inputs, { buildOnPreview: true, network: "default", target: "" }),
    ...lacking(inputs, { exec: false, load: false, noCache: false, pull: false }),
    ...dockerfileOf(inputs),
  }),
  replaces: [],
  outputs: ["contextHash", "digest", "ref"],
  check(inputs, { place }) {
    const failures: CheckFailure[] = [];
    const { context, dockerfile } = placesOf(inputs);
    if (context !== undefined && !isThere(context, "folder")) {
      failures.push({ path: ["context", "location"], reason: `there is no folder ${context}` });
    }
    if (dockerfile !== undefined && !isThere(dockerfile, "file")) {
      failures.push({ path: ["dockerfile", "location"], reason: `there is no file ${dockerfile}` });
    }
    if (isPropertyMap(inputs.dockerfile) && (inputs.dockerfile.inline ?? "") !== "") {
      failures.push({ path: ["dockerfile", "inline"], reason: "the sandbox reads files alone: name one" });
    }
    if (inputs.push === false) {
      failures.push({
        path: ["push"],
        reason: "the sandbox has no Docker that could keep an image: push it",
      });
    }
    if (inputs.push === true && (inputs.tags === undefined || inputs.tags === null)) {
      failures.push({ path: ["tags"], reason: "at least one is needed to push an image under" });
    }
    for (const [index, tag] of textsOf(inputs.tags).entries()) {
      failures.push(...faultsOf(() => parseImageName(tag, place), ["tags", index]));
    }
    for (const [index, platform] of textsOf(inputs.platforms).entries()) {
      if (/^linux\/(amd64|arm64)(\/v8)?$/.test(platform)) continue;
      failures.push({
        path: ["platforms", index],
        reason: `the sandbox does not know the platform ${platform}`,
      });
    }
    return failures;
  },
  plan(inputs) {
    const { context, dockerfile } = placesOf(inputs);
    return {
      contextHash: context && dockerfile ? contextHash(context, dockerfile) : UNKNOWN,
      digest: "",
      ref: textsOf(inputs.tags)[0] ?? "",
    };
  },
  async apply(_name, inputs, { client, place }) {
    const { context = "", dockerfile = "" } = placesOf(inputs);
    const hash = contextHash(context, dockerfile);
    const tags = textsOf(inputs.tags);
    let digest = "";
    for (const tag of tags) {
      const { repository, reference } = parseImageName(tag, place);
      digest = await push(client, repository, reference, hash, inputs);
    }
    const [first = ""] = tags;
    const outputs = { contextHash: hash, digest, ref: digest === "" ? first : `${first}@${digest}` };
    return { id: digest, outputs };
  },
  async read(outputs, { client, place }) {
    for (const tag of textsOf(outputs.tags)) {
      const { repository } = parseImageName(tag, place);
      const found = await client.read({ repository, reference: textOf(outputs.digest) ?? "" });
      if (found === undefined) return undefined;
    }
    return outputs;
  },
  async delete(outputs, { client, place }) {
    for (const tag of textsOf(outputs.tags)) {
      const { repository } = parseImageName(tag, place);
      await client.delete({ repository, reference: textOf(outputs.digest) ?? "" });
    }
  },
};

async function push(
  client: RegistryClient,
  repository: string,
  tag: string,
  hash: string,
  inputs: PropertyMap,
): Promise<string> {
  const named = textsOf(inputs.platforms);
  const platforms = (named.length === 0 ? [ownPlatform] : named).map(platformOf);
  const labels = { "whisper.sandbox/context": hash, "whisper.sandbox/arguments": argumentsOf(inputs) };
  const images = [];
  for (const platform of platforms) {
    const config = { ...platform, config: { Labels: labels }, rootfs: { type: "layers", diff_ids: [] } };
    const descriptor = await client.writeBlob(repository, configType, JSON.stringify(config));
    const text = JSON.stringify({ schemaVersion: 2, mediaType: imageType, config: descriptor, layers: [] });
    const reference = platforms.length === 1 ? tag : digestOf(text);
    const digest = await client.write({ repository, reference }, imageType, text);
    images.push({ mediaType: imageType, digest, size: Buffer.byteLength(text), platform });
  }
  const [only] = images;
  if (images.length === 1 && only !== undefined) return only.digest;
  const index = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: images });
  return client.write({ repository, reference: tag }, indexType, index);
}

function platformOf(platform: string): { os: string; architecture: string; variant?: string } {
  const [os = "", architecture = "", variant] = platform.split("/");
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

const argumentsOf = ({ buildArgs, target }: PropertyMap): string =>
  digestOf(
    JSON.stringify([isPropertyMap(buildArgs) ? Object.entries(buildArgs).sort() : [], target ?? null]),
  );

/** The Dockerfile as the vendor's plugin spells it out: where none is named, the context's. */
function dockerfileOf(inputs: PropertyMap): PropertyMap {
  const { dockerfile: location } = placesOf(inputs);
  if (location === undefined) return {};
  const named = isPropertyMap(inputs.dockerfile) ? inputs.dockerfile : {};
  return { dockerfile: { inline: "", ...named, location } };
}

/** Those of the defaults that the inputs do not have. */
const lacking = (inputs: PropertyMap, defaults: PropertyMap): PropertyMap =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => (inputs[name] ?? null) === null));

/** Context and Dockerfile, as far as they are known. */
function placesOf(inputs: PropertyMap): { context?: string; dockerfile?: string } {
  const context = isPropertyMap(inputs.context) ? textOf(inputs.context.location) : undefined;
  const named = isPropertyMap(inputs.dockerfile) ? inputs.dockerfile.location : inputs.dockerfile;
  const beside = context === undefined ? undefined : join(context, "Dockerfile");
  const dockerfile = (named ?? "") === "" ? beside : textOf(named);
  return { ...(context !== undefined && { context }), ...(dockerfile !== undefined && { dockerfile }) };
}

function isThere(path: string, kind: "file" | "folder"): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return kind === "file" ? found?.isFile() === true : found?.isDirectory() === true;
}

/** What is refused, as a fault of a property. */
export function faultsOf(work: () => unknown, path: CheckFailure["path"]): CheckFailure[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ProviderError) return [{ path, reason: error.message }];
    throw error;
  }
}
