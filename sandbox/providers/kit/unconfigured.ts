import { ProviderError } from "./errors.ts";
import type { Provider, ProviderSession } from "./provider.ts";

/** A provider that takes no configuration: every engine that connects is served by the same session. */
export function unconfiguredProvider(name: string, version: string, session: ProviderSession): Provider {
  return {
    name,
    version,
    schema: () => ({ name, version }),
    checkConfig: async ({ inputs }) => ({ inputs, failures: [] }),
    diffConfig: async () => ({ changed: false, properties: [], deleteBeforeReplace: false, stables: [] }),
    configure: async () => session,
  };
}

/** The type of this token. @throws ProviderError that names those there are */
export function servedType<T>(provider: string, types: ReadonlyMap<string, T>, token: string): T {
  const type = types.get(token);
  if (type !== undefined) return type;
  throw new ProviderError(
    `the sandbox's ${provider} provider does not serve the type ${token}; it serves ${[...types.keys()].join(", ")}`,
  );
}
