import { diffProperties, type PropertyMap, type Provider, toDiffResult, unwrap } from "../kit/index.ts";
import { Api } from "./api/client.ts";
import { Spaces } from "./api/spaces.ts";
import { checkResultOf, type configFields } from "./configuration.ts";
import { Session } from "./session.ts";

/** The sandbox that the stand-in deploys into, and as whom. */
export interface DigitalOceanOptions {
  /** The emulated API, without a trailing slash. */
  readonly endpoint: string;
  /** The token when the provider's configuration names none. */
  readonly token: string;
  /** The emulated Spaces, in path style for every region. */
  readonly spacesEndpoint: string;
  /** The key for Spaces when the provider's configuration names none. */
  readonly spacesAccessKeyId: string;
  readonly spacesSecretAccessKey: string;
}

/** What the stand-in stands for. */
const VENDOR_VERSION = "4.80.1";

/** DigitalOcean itself, which the stand-in never talks to: the SDK names it by default. */
const REAL_ENDPOINT = "https://api.digitalocean.com";

/**
 * The stand-in for the vendor's `digitalocean` plugin: the same types, inputs, outputs and ids, against the sandbox. A
 * provider resource may name another token or loopback endpoint; Spaces is always the sandbox's own.
 */
export function createDigitalOceanProvider(options: DigitalOceanOptions): Provider {
  return {
    name: "digitalocean",
    version: VENDOR_VERSION,
    schema: () => ({
      name: "digitalocean",
      version: VENDOR_VERSION,
      resources: {},
      functions: {},
      config: {},
    }),
    checkConfig: async (request) => checkResultOf(request.inputs),
    diffConfig: async ({ oldInputs, newInputs }) =>
      toDiffResult(diffProperties(oldInputs, newInputs), { replaces: () => false }),
    configure: async (config) => {
      const text = (name: keyof typeof configFields) => textOf(config, name);
      const endpoint = text("apiEndpoint");
      const api = new Api({
        endpoint:
          endpoint === undefined || endpoint === REAL_ENDPOINT
            ? options.endpoint
            : endpoint.replace(/\/$/, ""),
        token: text("token") ?? options.token,
      });
      const spaces = new Spaces({
        endpoint: options.spacesEndpoint,
        accessKeyId: text("spacesAccessId") ?? options.spacesAccessKeyId,
        secretAccessKey: text("spacesSecretKey") ?? options.spacesSecretAccessKey,
      });
      return new Session(api, spaces);
    },
  };
}

function textOf(config: PropertyMap, name: string): string | undefined {
  const value = unwrap(config[name]);
  return typeof value === "string" && value !== "" ? value : undefined;
}
