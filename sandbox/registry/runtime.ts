import type { Store } from "../store/store.ts";
import { RegistryContents } from "./contents.ts";
import { RegistryCredentials } from "./credentials.ts";

/** What the cloud's API and the registry's server share. */
export interface RegistryRuntime {
  readonly contents: RegistryContents;
  readonly credentials: RegistryCredentials;
  /** Host and port under which Docker reaches the registry on this machine. */
  address(): string;
}

/** What is needed for it. */
export interface RegistryRuntimeOptions {
  readonly store: Store;
  /** Where the bytes are kept. */
  readonly directory: string;
  /** The account's own token, with which everything may be pulled and pushed. */
  readonly accountToken: string;
  readonly address: () => string;
  /** Milliseconds since the epoch. @default the clock */
  readonly now?: () => number;
}

/** Opens what the registries of `store` and `directory` hold. */
export function createRegistryRuntime(options: RegistryRuntimeOptions): RegistryRuntime {
  const { store, directory, accountToken, address } = options;
  return {
    contents: new RegistryContents(store, directory),
    credentials: new RegistryCredentials(store, accountToken, options.now ?? Date.now),
    address,
  };
}
