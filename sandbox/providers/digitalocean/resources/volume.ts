import { type Fields, integer, name, set, string, tags } from "../dsl/fields.ts";
import { type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import { act } from "../support/actions.ts";
import { setTags } from "../support/tagging.ts";

const FILE_SYSTEMS = ["ext4", "xfs"] as const;

const inputs: Fields = {
  description: string({ replaces: true }),
  filesystemType: string({ computed: true, oneOf: FILE_SYSTEMS }),
  initialFilesystemLabel: string({ replaces: true, wire: "filesystem_label" }),
  initialFilesystemType: string({ replaces: true, oneOf: FILE_SYSTEMS, wire: null }),
  name: name({
    replaces: true,
    maxLength: 64,
    pattern: [
      /^[a-z][a-z0-9-]*[a-z0-9]$/,
      "must begin with a lower-case letter, then hold those, digits and dashes",
    ],
  }),
  region: string({ required: true, replaces: true, offer: "regions" }),
  size: integer({ required: true, min: 1, max: 16_384, wire: "size_gigabytes" }),
  snapshotId: string({ replaces: true }),
  tags: tags(),
};

const collection = rest({
  inputs,
  path: "/v2/volumes",
  one: "volume",
  many: "volumes",
  identity: ["name"],
  body: (news) => {
    const type = news.initialFilesystemType ?? news.filesystemType;
    const { filesystem_type: _type, ...body } = pickWire(inputs, news, Object.keys(inputs));
    return type === undefined ? body : { ...body, filesystem_type: type };
  },
  document: (found) => ({
    ...found,
    // What is empty the vendor's plugin does not write down.
    description: found.description || null,
    filesystem_type: found.filesystem_type || null,
    filesystem_label: found.filesystem_label || null,
    urn: `do:volume:${String(found.id)}`,
  }),
});

const operations: Operations = {
  ...collection,
  async update(id, news, known, operation) {
    const now = await collection.read(id, known, operation);
    if (now === undefined) return undefined;
    if (news.size !== now.size_gigabytes) {
      await act(`/v2/volumes/${id}`, { type: "resize", size_gigabytes: news.size ?? 0 }, operation);
    }
    await setTags("volume", id, { before: now.tags, after: news.tags }, operation);
    return undefined;
  },
};

/** A disk that droplets can attach. It grows, but never shrinks. */
export const volume: ResourceDefinition = {
  token: resourceToken("Volume"),
  noun: "a volume",
  inputs,
  transitions: {
    size: (before, after) =>
      Number(after) < Number(before)
        ? { refused: `it cannot shrink from ${before} to ${after} GiB: make a smaller one and copy the data` }
        : undefined,
  },
  outputs: { dropletIds: set(integer()), filesystemLabel: string(), volumeUrn: string({ wire: "urn" }) },
  operations,
};
