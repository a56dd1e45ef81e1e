import { indexType } from "../../registry/manifest.ts";
import { ProviderError } from "../kit/errors.ts";
import { type PropertyMap, UNKNOWN } from "../kit/values.ts";
import { faultsOf } from "./image-type.ts";
import { parseImageName, type RemoteManifest } from "./registry-client.ts";
import { type DockerBuildType, type Registry, textOf, textsOf } from "./type.ts";

/** A tag for images that exist: of one, another name for the very same bytes; of several, an index of them. */
export const index: DockerBuildType = {
  token: "docker-build:index:Index",
  inputs: ["push", "registry", "sources", "tag"],
  required: ["sources", "tag"],
  fillIn: ({ push }) => ({ push: push ?? true }),
  replaces: ["tag"],
  check: (inputs, { place }) => [
    ...(textOf(inputs.tag) === undefined
      ? []
      : faultsOf(() => parseImageName(textOf(inputs.tag) ?? "", place), ["tag"])),
    ...textsOf(inputs.sources).flatMap((source, position) =>
      faultsOf(() => parseImageName(source, place), ["sources", position]),
    ),
  ],
  outputs: ["ref"],
  plan: () => ({ ref: UNKNOWN }),
  async apply(name, inputs, registry) {
    const tag = textOf(inputs.tag) ?? "";
    if (inputs.push !== true) return { id: name, outputs: { ref: tag } };
    const digest = await create(tag, textsOf(inputs.sources), registry);
    return { id: name, outputs: { ref: `${tag}@${digest}` } };
  },
  async read(outputs: PropertyMap, { client, place }) {
    if (outputs.push !== true) return outputs;
    const tag = textOf(outputs.tag) ?? "";
    const found = await client.read(parseImageName(tag, place));
    return found && { ...outputs, ref: `${tag}@${found.digest}` };
  },
  async delete(outputs, { client, place }) {
    if (outputs.push === true) await client.delete(parseImageName(textOf(outputs.ref) ?? "", place));
  },
};

async function create(tag: string, sources: readonly string[], { client, place }: Registry): Promise<string> {
  const found: RemoteManifest[] = [];
  for (const source of sources) {
    const manifest = await client.read(parseImageName(source, place));
    if (manifest === undefined) throw new ProviderError(`creating: ${source}: not found`);
    found.push(manifest);
  }
  const target = parseImageName(tag, place);
  const [only] = found;
  if (found.length === 1 && only !== undefined) return client.write(target, only.mediaType, only.text);
  const manifests = found.map(({ mediaType, digest, text }) => ({
    mediaType,
    digest,
    size: Buffer.byteLength(text),
  }));
  return client.write(
    target,
    indexType,
    JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }),
  );
}
