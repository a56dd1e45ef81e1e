import { z } from "zod";
import { isDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import type { Manifest } from "./model.ts";

/** What can be read out of a manifest's bytes. */
export type ManifestFacts = Pick<
  Manifest,
  "mediaType" | "blobs" | "manifests" | "subject" | "artifactType" | "annotations"
>;

/** The media type of an image for one platform. */
export const imageType = "application/vnd.oci.image.manifest.v1+json";
const imageTypes = [imageType, "application/vnd.docker.distribution.manifest.v2+json"];

/** The media type of an index, which names an image for each platform. */
export const indexType = "application/vnd.oci.image.index.v1+json";
const indexTypes = [indexType, "application/vnd.docker.distribution.manifest.list.v2+json"];

const descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.string().refine(isDigest, "is not a sha256 or sha512 digest"),
  size: z.number().int().min(0),
  /** Where a layer is that no registry holds, such as those of Windows. */
  urls: z.array(z.string()).optional(),
});

const common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  subject: descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
};
const image = z.looseObject({ ...common, config: descriptor, layers: z.array(descriptor) });
const index = z.looseObject({ ...common, manifests: z.array(descriptor) });

/** Layers that may not be given on, and so are not pushed. */
const isForeign = ({ mediaType, urls }: z.output<typeof descriptor>): boolean =>
  /\.(nondistributable|foreign)\./.test(mediaType) || (urls !== undefined && urls.length > 0);

const named = ({ digest, size }: z.output<typeof descriptor>) => ({ digest, sizeBytes: size });

/**
 * Reads a manifest.
 *
 * @param contentType What the client says that it is; its own `mediaType`, where it has one, must say the same.
 * @throws RegistryError MANIFEST_INVALID that names every fault
 */
export function readManifest(text: string, contentType: string): ManifestFacts {
  const document = parseJson(text);
  const mediaType = contentType.split(";", 1)[0]?.trim() ?? "";
  if (![...imageTypes, ...indexTypes].includes(mediaType)) {
    throw invalid(`manifests of the media type ${JSON.stringify(mediaType)} are not taken`);
  }
  if (indexTypes.includes(mediaType)) {
    const { manifests, ...rest } = parse(index, document, mediaType);
    return { ...factsOf(rest, mediaType), blobs: [], manifests: manifests.map(({ digest }) => digest) };
  }
  const { config, layers, ...rest } = parse(image, document, mediaType);
  const blobs = [config, ...layers.filter((layer) => !isForeign(layer))].map(named);
  return { ...factsOf({ artifactType: config.mediaType, ...rest }, mediaType), blobs, manifests: [] };
}

interface Described {
  readonly artifactType?: string | undefined;
  readonly subject?: { readonly digest: string } | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

const factsOf = ({ artifactType, subject, annotations }: Described, mediaType: string) => ({
  mediaType,
  ...(artifactType !== undefined && { artifactType }),
  ...(subject !== undefined && { subject: subject.digest }),
  ...(annotations !== undefined && { annotations }),
});

function parse<T>(
  schema: z.ZodType<T & { readonly mediaType?: string | undefined }>,
  document: unknown,
  mediaType: string,
): T {
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw invalid(`manifest invalid: ${faults.join("; ")}`);
  }
  const said = parsed.data.mediaType;
  if (said !== undefined && said !== mediaType) {
    throw invalid(`manifest invalid: mediaType is ${said}, and the Content-Type of the request ${mediaType}`);
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("manifest invalid: it is not JSON");
  }
}

const invalid = (message: string) => new RegistryError("MANIFEST_INVALID", message);
