import { z } from "zod";
import { parseRequest } from "./validation.ts";

const pageQuery = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(200).default(20),
});

/** Where the other pages are, as the API says it: empty when there is only one. */
export interface PageLinks {
  pages?: { first?: string; prev?: string; next?: string; last?: string };
}

/** One page of a list, under its own key, with `links` and `meta`. */
export interface Page {
  [key: string]: unknown;
  links: PageLinks;
  meta: { total: number };
}

/**
 * Cuts the page a request asks for out of a list. A page past the end is empty, as the API's is.
 * @param key The list's name in the answer: `droplets`.
 * @param url The absolute URL of the request, with its query.
 * @param show What the API shows of the items on the page. Default: the items themselves.
 * @throws ApiError 422 for a `page` below 1 or a `per_page` outside 1 to 200.
 */
export function paginate<T>(
  key: string,
  items: readonly T[],
  url: URL,
  show: (shown: readonly T[]) => readonly unknown[] = (shown) => shown,
): Page {
  const { page, per_page: perPage } = parseRequest(pageQuery, Object.fromEntries(url.searchParams));
  const lastPage = Math.max(1, Math.ceil(items.length / perPage));
  const linkTo = (target: number): string => {
    const link = new URL(url);
    link.searchParams.set("page", String(target));
    return link.href;
  };
  const pages = {
    ...(page > 1 && { first: linkTo(1), prev: linkTo(Math.min(page - 1, lastPage)) }),
    ...(page < lastPage && { next: linkTo(page + 1), last: linkTo(lastPage) }),
  };
  return {
    [key]: show(items.slice((page - 1) * perPage, page * perPage)),
    links: lastPage === 1 ? {} : { pages },
    meta: { total: items.length },
  };
}
