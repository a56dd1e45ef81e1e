import type { KubernetesRuntime } from "../kubernetes/runtime.ts";
import type { RegistryRuntime } from "../registry/runtime.ts";
import type { SpacesAdmin } from "../spaces/admin.ts";
import type { Store } from "../store/store.ts";
import type { StoresRuntime } from "../stores/runtime.ts";
import type { CloudResource, Identity } from "./family.ts";

/** What a family's handlers have at hand. */
export interface Cloud {
  readonly store: Store;
  readonly kubernetes: KubernetesRuntime;
  readonly spaces: SpacesAdmin;
  readonly stores: StoresRuntime;
  /** What the container registries hold, and who may reach them. */
  readonly registries: RegistryRuntime;
  /** How long a new thing takes from `new` or `creating` to `active` or `online`. */
  readonly latencyMs: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The time as the API writes it: `2026-11-21T09:41:07Z`. */
  timestamp(): string;
  /**
   * Whether what began at `sinceMs` is done by now. States settle when they are looked at, by the clock and not by a
   * timer, so that they survive a restart.
   */
  settled(sinceMs: number): boolean;
  /** Everything that exists, of every family. */
  resources(): CloudResource[];
  /** Everything that stands on the given thing: the members of a VPC, the load balancers of a certificate. */
  usersOf(thing: Identity): CloudResource[];
  /** Tells every family that something is gone, so that what pointed at it lets go. */
  forget(thing: Identity): Promise<void>;
  /** Deletes something as its own `DELETE` does. @throws ApiError when that is refused, 404 when there is no such thing */
  destroy(thing: Identity): Promise<void>;
  /** Puts a tag on something, or takes it off. @throws ApiError 404 when there is no such thing. */
  retag(thing: Identity, tag: string, change: "add" | "remove"): void;
}
