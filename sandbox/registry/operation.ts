import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { RegistryContents } from "./contents.ts";
import type { Repository } from "./model.ts";
import type { RegistryRules } from "./rules.ts";

/** A request that has been let in. */
export interface RegistryRequest {
  readonly contents: RegistryContents;
  /** Of the registry that is addressed. */
  readonly rules: RegistryRules;
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  readonly body: AsyncIterable<Uint8Array>;
  /** RFC 3339. */
  readonly now: string;
  /** Whether the client may read another repository, by the name under which clients address it. */
  mayPull(name: string): boolean;
}

/** What is answered. */
export interface RegistryResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Left out of answers to HEAD. Default: none. */
  readonly body?: () => string | Readable;
}

/** The path of something in a repository. */
export const url = ({ registry, repository }: Repository, rest: string): string =>
  `/v2/${registry}/${repository}/${rest}`;
