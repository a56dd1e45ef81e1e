import { boolean, type Fields, integer, name, set, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import type { PlainMap } from "../dsl/wire.ts";
import { assign, defaultProjectId, urnsOf } from "../support/projects.ts";

const SETTINGS = ["name", "description", "purpose", "environment", "isDefault"] as const;

const inputs: Fields = {
  description: string({ default: "", maxLength: 255 }),
  environment: string({
    same: (one, other) => String(one).toLowerCase() === String(other).toLowerCase(),
    pattern: [/^(development|staging|production)$/i, "must be Development, Staging or Production"],
  }),
  isDefault: boolean({ default: false }),
  name: name({ maxLength: 175 }),
  purpose: string({ default: "Web Application", maxLength: 255 }),
  resources: set(string(), { computed: true }),
};

const collection = rest({
  inputs,
  path: "/v2/projects",
  one: "project",
  many: "projects",
  body: (news) => pickWire(inputs, news, ["name", "description", "purpose", "environment"]),
});

async function read(id: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined> {
  const document = await collection.read(id, known, operation);
  return document && { ...document, resources: await urnsOf(id, operation) };
}

async function configure(id: string, news: PlainMap, operation: Operation): Promise<void> {
  await operation.api.patch(`/v2/projects/${id}`, pickWire(inputs, news, SETTINGS), operation.signal);
}

const operations: Operations = {
  create: collection.create,
  read,
  async settle({ id }, news, operation) {
    if (news.isDefault === true) await configure(id, news, operation);
    await assign(id, news.resources, operation);
    return (await read(id, news, operation)) ?? {};
  },
  async update(id, news, _known, operation) {
    await configure(id, news, operation);
    if (news.resources === undefined) return;
    const wanted = new Set(Array.isArray(news.resources) ? news.resources.map(String) : []);
    const gone = (await urnsOf(id, operation)).filter((urn) => !wanted.has(urn));
    await assign(id, news.resources, operation);
    if (gone.length > 0) await assign(await defaultProjectId(operation), gone, operation);
  },
  async delete(id, known, operation) {
    // DigitalOcean deletes empty projects only: what is in it goes to the account's default project.
    if ((await collection.read(id, known, operation)) === undefined) return;
    const members = await urnsOf(id, operation);
    if (members.length > 0) await assign(await defaultProjectId(operation), members, operation);
    await collection.delete(id, known, operation);
  },
};

/** A folder of resources in the account. */
export const project: ResourceDefinition = {
  token: resourceToken("Project"),
  noun: "a project",
  inputs,
  outputs: { createdAt: string(), ownerId: integer(), ownerUuid: string(), updatedAt: string() },
  operations,
};
