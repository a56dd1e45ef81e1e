import type { PlainValue } from "../../kit/index.ts";
import { type Fields, integer, name } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { isPlainMap } from "../dsl/wire.ts";

const inputs: Fields = {
  name: name({
    replaces: true,
    pattern: [/^[\w:-]+$/, "a tag holds letters, digits, colons, dashes and underscores only"],
  }),
};

const COUNTED = ["databases", "droplets", "images", "volumes", "volume_snapshots"] as const;

function count(value: PlainValue | undefined): number {
  return isPlainMap(value) ? Number(value.count ?? 0) : 0;
}

/** A label that resources can carry. */
export const tag: ResourceDefinition = {
  token: resourceToken("Tag"),
  noun: "a tag",
  inputs,
  outputs: {
    databasesCount: integer(),
    dropletsCount: integer(),
    imagesCount: integer(),
    totalResourceCount: integer(),
    volumeSnapshotsCount: integer(),
    volumesCount: integer(),
  },
  operations: rest({
    inputs,
    path: "/v2/tags",
    one: "tag",
    many: "tags",
    id: (document) => String(document.name),
    document: (document) => {
      const resources = isPlainMap(document.resources) ? document.resources : {};
      const counts = Object.fromEntries(COUNTED.map((kind) => [`${kind}_count`, count(resources[kind])]));
      return { ...document, ...counts, total_resource_count: Number(resources.count ?? 0) };
    },
  }),
};
