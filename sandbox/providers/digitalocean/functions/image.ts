import { ProviderError } from "../../kit/index.ts";
import { boolean, integer, number, set, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken, type Operation } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";

/** Which images are looked at, for each value of `source`. */
const SOURCES: Readonly<Record<string, string>> = {
  all: "/v2/images",
  applications: "/v2/images?type=application",
  distributions: "/v2/images?type=distribution",
  user: "/v2/images?private=true",
};

async function find(inputs: PlainMap, { api, signal }: Operation): Promise<PlainMap> {
  const key = inputs.id ?? inputs.slug;
  if (key !== undefined) {
    const { image } = await api.get(`/v2/images/${String(key)}`, signal);
    return isPlainMap(image) ? image : {};
  }
  const name = inputs.name;
  if (name === undefined) throw new ProviderError("getImage needs one of id, name and slug");
  const images = await api.list(SOURCES[String(inputs.source)] ?? "/v2/images", "images", signal);
  const [image, ...more] = images.filter((candidate) => candidate.name === name);
  if (image === undefined) throw new ProviderError(`there is no image named ${JSON.stringify(name)}`);
  if (more.length > 0)
    throw new ProviderError(`several images are named ${JSON.stringify(name)}: say the id instead`);
  return image;
}

/** An image that droplets can start from. */
export const getImage: FunctionDefinition = {
  token: functionToken("getImage"),
  noun: "getImage",
  inputs: {
    id: integer(),
    name: string(),
    slug: string(),
    source: string({ default: "user", wire: null, oneOf: Object.keys(SOURCES) }),
  },
  outputs: {
    created: string(),
    description: string(),
    distribution: string(),
    errorMessage: string(),
    image: string(),
    minDiskSize: integer(),
    private: boolean(),
    regions: set(string()),
    sizeGigabytes: number(),
    status: string(),
    tags: set(string()),
    type: string(),
  },
  async answer(inputs, operation) {
    const found = await find(inputs, operation);
    return {
      ...found,
      created: found.created_at ?? "",
      private: found.public !== true,
      image: String(found.id),
      description: found.description ?? "",
      error_message: found.error_message ?? "",
    };
  },
};
