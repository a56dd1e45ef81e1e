import type { CheckFailure, PlainValue } from "../kit/index.ts";
import type { Api } from "./api/client.ts";
import { UnreachableError } from "./api/errors.ts";
import type { OfferedValue } from "./dsl/check.ts";
import type { Offer } from "./dsl/fields.ts";
import { didYouMean } from "./dsl/rules.ts";
import { isPlainMap } from "./dsl/wire.ts";

type Reader = (api: Api, signal: AbortSignal) => Promise<string[]>;

const slugs = (entries: readonly PlainValue[]): string[] =>
  entries.flatMap((entry) => (isPlainMap(entry) && typeof entry.slug === "string" ? [entry.slug] : []));

/** Where the API lists what it offers. */
const READERS: Readonly<Record<Offer, Reader>> = {
  regions: async (api, signal) => slugs(await api.list("/v2/regions", "regions", signal)),
  "droplet sizes": async (api, signal) => slugs(await api.list("/v2/sizes", "sizes", signal)),
  "kubernetes versions": async (api, signal) => {
    const { options } = await api.get("/v2/kubernetes/options", signal);
    const versions = isPlainMap(options) ? options.versions : undefined;
    return Array.isArray(versions) ? slugs(versions) : [];
  },
};

/** What the API offers, asked once a session: so that a preview refuses what the update would. */
export class Offers {
  readonly #api: Api;
  readonly #lists = new Map<Offer, Promise<string[] | undefined>>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** What is not offered. An API that cannot be reached is no reason to refuse: its own answer comes with the update. */
  async judge(values: readonly OfferedValue[], signal: AbortSignal): Promise<CheckFailure[]> {
    const failures = await Promise.all(
      values.map(async ({ path, offer, value }): Promise<CheckFailure[]> => {
        const offered = await this.#list(offer, signal);
        if (offered === undefined || offered.includes(value)) return [];
        return [
          {
            path,
            reason:
              `"${value}" is not among the ${offer} that DigitalOcean offers` +
              `${didYouMean(value, offered)}; it offers ${offered.join(", ")}`,
          },
        ];
      }),
    );
    return failures.flat();
  }

  #list(offer: Offer, signal: AbortSignal): Promise<string[] | undefined> {
    const known = this.#lists.get(offer);
    if (known !== undefined) return known;
    const asked = READERS[offer](this.#api, signal).catch((error: unknown) => {
      this.#lists.delete(offer);
      if (error instanceof UnreachableError) return undefined;
      throw error;
    });
    this.#lists.set(offer, asked);
    return asked;
  }
}
