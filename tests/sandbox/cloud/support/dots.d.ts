import type { AuthenticationProvider, RequestAdapter } from "@microsoft/kiota-abstractions";

/** What the tests use of DigitalOcean's own client, as it describes itself. */
export declare class DigitalOceanApiKeyAuthenticationProvider implements AuthenticationProvider {
  constructor(apiKey: string);
  authenticateRequest: AuthenticationProvider["authenticateRequest"];
}

interface Page {
  readonly queryParameters?: { readonly page?: number; readonly perPage?: number; readonly tagName?: string };
}

/** A collection that can be listed; `Key` is where the answer holds it. */
interface Listed<Key extends string> {
  get(request?: Page): Promise<Partial<Record<Key, unknown[]>> | undefined>;
}

/** A collection that takes new members; `Key` is where the answer holds the one that was made. */
interface Filled<Key extends string, Made> {
  post(body: object): Promise<Partial<Record<Key, Made>> | undefined>;
}

interface One<Answer> {
  get(): Promise<Answer | undefined>;
  delete(): Promise<unknown>;
}

interface DropletAnswer {
  readonly droplet?: { readonly id?: number; readonly status?: string };
}

interface DigitalOceanClient {
  readonly v2: {
    readonly account: { get(): Promise<{ readonly account?: { readonly status?: string } } | undefined> };
    readonly vpcs: Filled<"vpc", { readonly id?: string; readonly ipRange?: string }> & {
      byVpc_id(id: string): One<unknown>;
    };
    readonly volumes: Filled<"volume", { readonly id?: string }> & { byVolume_id(id: string): One<unknown> };
    readonly droplets: Listed<"droplets"> & {
      post(body: object): Promise<DropletAnswer | undefined>;
      byDroplet_id(id: number): One<DropletAnswer>;
      readonly autoscale: Listed<"autoscalePools">;
    };
    readonly firewalls: Listed<"firewalls">;
    readonly load_balancers: Listed<"loadBalancers">;
    readonly certificates: Listed<"certificates">;
    readonly sizes: Listed<"sizes">;
    readonly regions: Listed<"regions">;
  };
}

export declare function createDigitalOceanClient(adapter: RequestAdapter): DigitalOceanClient;
