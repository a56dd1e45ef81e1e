import { type PlainValue, ProviderError } from "../../kit/index.ts";
import type { Operation } from "../dsl/resource.ts";
import { isPlainMap } from "../dsl/wire.ts";

/** The URNs (DigitalOcean's) of what is in a project. */
export async function urnsOf(projectId: string, { api, signal }: Operation): Promise<string[]> {
  const members = await api.list(`/v2/projects/${projectId}/resources`, "resources", signal);
  return members.map((member) => String(member.urn));
}

/** Moves resources into a project. A resource is in one project at a time. */
export async function assign(
  projectId: string,
  urns: PlainValue | readonly string[] | undefined,
  { api, signal }: Operation,
): Promise<void> {
  const resources = Array.isArray(urns) ? urns.map(String) : [];
  if (resources.length > 0) await api.post(`/v2/projects/${projectId}/resources`, { resources }, signal);
}

/** The project that takes what is in no other. */
export async function defaultProjectId({ api, signal }: Operation): Promise<string> {
  const { project } = await api.get("/v2/projects/default", signal);
  if (!isPlainMap(project))
    throw new ProviderError("DigitalOcean names no default project to move resources to");
  return String(project.id);
}
