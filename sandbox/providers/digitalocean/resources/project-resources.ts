import { type Fields, set, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { uuid } from "../dsl/values.ts";
import type { PlainMap } from "../dsl/wire.ts";
import { assign, defaultProjectId, urnsOf } from "../support/projects.ts";

const inputs: Fields = {
  project: string({ required: true, replaces: true, rules: [uuid] }),
  resources: set(string({ pattern: [/^do:\w+:.+$/, 'is no URN of DigitalOcean\'s like "do:droplet:17"'] }), {
    required: true,
  }),
};

const urns = (known: PlainMap): string[] =>
  Array.isArray(known.resources) ? known.resources.map(String) : [];

/**
 * Moves to the default project what this resource does not put into its project any more. As the vendor's plugin does, without
 * asking whether somebody else has put it elsewhere since.
 */
async function release(released: readonly string[], operation: Operation): Promise<void> {
  if (released.length > 0) await assign(await defaultProjectId(operation), released, operation);
}

const operations: Operations = {
  async create(news, operation) {
    const id = String(news.project);
    await assign(id, news.resources, operation);
    return { id, document: { project: id, resources: urns(news) } };
  },
  async read(id, known, operation) {
    const found = await operation.api.find(`/v2/projects/${id}`, operation.signal);
    if (found === undefined) return undefined;
    const members = await urnsOf(id, operation);
    const ours = known.resources === undefined ? members : members.filter((urn) => urns(known).includes(urn));
    return { project: id, resources: ours };
  },
  async update(id, news, known, operation) {
    const wanted = new Set(urns(news));
    await release(
      urns(known).filter((urn) => !wanted.has(urn)),
      operation,
    );
    await assign(id, news.resources, operation);
    return { project: id, resources: urns(news) };
  },
  async delete(id, known, operation) {
    if ((await operation.api.find(`/v2/projects/${id}`, operation.signal)) === undefined) return;
    await release(urns(known), operation);
  },
};

/** What of a project's contents this stack puts there. */
export const projectResources: ResourceDefinition = {
  token: resourceToken("ProjectResources"),
  noun: "a project's resources",
  inputs,
  outputs: {},
  operations,
};
