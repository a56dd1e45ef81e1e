import type { PlainValue } from "../../kit/index.ts";
import type { Operation } from "../dsl/resource.ts";

/** What the tags API calls the kinds of things that carry tags. */
export type TaggedKind = "droplet" | "volume" | "database" | "kubernetes";

/** Gives a resource the tags it should have and takes the others away. Tags that do not exist are made. */
export async function setTags(
  kind: TaggedKind,
  id: string,
  tags: { readonly before: PlainValue | undefined; readonly after: PlainValue | undefined },
  { api, signal }: Operation,
): Promise<void> {
  const before = names(tags.before);
  const after = names(tags.after);
  const body = { resources: [{ resource_id: id, resource_type: kind }] };
  for (const tag of after.filter((name) => !before.includes(name))) {
    await api.post("/v2/tags", { name: tag }, signal);
    await api.post(`/v2/tags/${encodeURIComponent(tag)}/resources`, body, signal);
  }
  for (const tag of before.filter((name) => !after.includes(name))) {
    await api.delete(`/v2/tags/${encodeURIComponent(tag)}/resources`, signal, body);
  }
}

function names(tags: PlainValue | undefined): string[] {
  return Array.isArray(tags) ? tags.map(String) : [];
}
