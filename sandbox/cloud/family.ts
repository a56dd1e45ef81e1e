import type { Store } from "../store/store.ts";
import type { Cloud } from "./context.ts";
import type { Endpoint } from "./endpoint.ts";

/** Names one thing in the cloud. */
export interface Identity {
  /** The plural of the API's own lists: `vpcs`, `droplets`, `load_balancers`, `certificates`. */
  readonly kind: string;
  /** As in the path of its `GET`; numbers in decimal. */
  readonly id: string;
}

/** What a family says of one thing that exists: enough for the inventory, and for who stands on whom. */
export interface CloudResource extends Identity {
  readonly name: string;
  /** As the API writes it. */
  readonly createdAt: string;
  /** `do:droplet:1`, for what can be a member of a VPC or of a project. */
  readonly urn?: string;
  /** It is there without anybody having asked for it, and so is not in the inventory. Default false. */
  readonly permanent?: boolean;
  /** Its tags, for what can be tagged. */
  readonly tags?: readonly string[];
  /** The things it stands on: they are not deleted before it, or let it go when they are (see their families). */
  readonly uses?: readonly Identity[];
}

/**
 * One family of endpoints: a file (or folder) of `sandbox/cloud/families/`, listed in `families/index.ts`.
 *
 * A family knows its own documents. What it must know of others it asks of the {@link Cloud}: `usersOf` before
 * a delete, `forget` after one; a lookup another family exports (`requireVpc`) when a request names its thing.
 */
export interface Family {
  /** For people: `vpcs`. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Everything of this family that exists now. Left out by families that only list data. */
  resources?(store: Store): CloudResource[];
  /** Lets go of something that is gone: a firewall drops the id of a deleted droplet. */
  forget?(cloud: Cloud, gone: Identity): void | Promise<void>;
  /** Takes up, when the cloud starts, what an earlier run had under way. Left out by families that settle by the clock. */
  resume?(cloud: Cloud): void;
  /** By kind: deletes one thing as its own `DELETE` does, for what takes others with it. Refuses as that does. */
  readonly destroy?: Readonly<Record<string, (cloud: Cloud, id: string) => void | Promise<void>>>;
  /** By kind: rewrites the tags of one thing. Left out by families whose things cannot be tagged through `/v2/tags`. */
  readonly taggable?: Readonly<Record<string, (store: Store, id: string, tags: string[]) => void>>;
}
