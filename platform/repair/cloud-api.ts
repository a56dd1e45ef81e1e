import { z } from "zod";
import { failure } from "../exit.ts";
import type { CloudApi } from "./lookup.ts";

const pageSchema = z.looseObject({
  links: z.object({ pages: z.object({ next: z.string().optional() }).optional() }).optional(),
});
const itemsSchema = z.array(z.record(z.string(), z.unknown())).nullish();

/**
 * A client of the API that reads lists and deletes: all that a repair needs.
 *
 * @param url Origin of the API.
 * @param token Bearer token.
 */
export function cloudApi(url: string, token: string): CloudApi {
  const ask = async (method: string, path: string): Promise<Response> => {
    const answer = await fetch(new URL(path, url), { method, headers: { authorization: `Bearer ${token}` } });
    if (answer.ok || answer.status === 404) return answer;
    throw failure(
      `Repair cannot look into the cloud: ${method} ${path} answered with status ${answer.status}.`,
    );
  };
  return {
    list: async (path, member) => {
      const found: Record<string, unknown>[] = [];
      let next: string | undefined = `${path}?per_page=200`;
      while (next !== undefined) {
        const answer: Response = await ask("GET", next);
        if (answer.status === 404) return found;
        const page = pageSchema.parse(await answer.json());
        found.push(...(itemsSchema.parse(page[member]) ?? []));
        next = nextPath(page.links?.pages?.next);
      }
      return found;
    },
    delete: async (path) => {
      await ask("DELETE", path);
    },
  };
}

/** Path and query of the next page: the link's origin is the server's own idea of its name. */
function nextPath(link: string | undefined): string | undefined {
  if (link === undefined) return undefined;
  const { pathname, search } = new URL(link);
  return `${pathname}${search}`;
}
