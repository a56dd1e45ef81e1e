import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { registryTiers } from "../../catalog/prices.ts";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { regions } from "../../catalog/regions.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { RegistryAccess } from "../joints.ts";
import { checkRegion } from "../region.ts";

/** Arguments of a {@link Registry}. */
export interface RegistryArgs {
  /**
   * Name of the registry, which all of DigitalOcean's customers share.
   *
   * Caution: a change replaces the registry and loses its images.
   * @example "whisper-staging"
   */
  readonly registryName: pulumi.Input<string>;

  /**
   * Region that pulls the images; they are kept there, or in the nearest region that has registries.
   *
   * Caution: a change replaces the registry and loses its images.
   * @example "tor1"
   */
  readonly region: pulumi.Input<string>;

  /**
   * Plan of the account; several registries in one account need `professional`.
   * @default "basic"
   */
  readonly tier?: keyof typeof registryTiers;

  /**
   * How long the credentials to pull last; they are renewed by an `up` after they have run out.
   * @default no end
   */
  readonly credentialDays?: number;

  /**
   * Whether the engine refuses to delete or replace the registry.
   * @default true
   */
  readonly protect?: boolean;
}

/** DigitalOcean keeps no copies of images: each can be built again from its source, of the same version. */
const declaration: StoreDeclaration = {
  store: "images",
  backup: "none",
  recovery: { point: "everything", time: "4h" },
};

const secondsPerDay = 86_400;

/**
 * The container registry with the platform's own images, and credentials that pull and cannot push.
 *
 * ### Cost
 * Per month and account: starter 0 $ (one repository), basic 5 $ (five), professional 20 $ (any number).
 * Staging: 1 x 20 = 20 $ a month. Production: 1 x 20 = 20 $ a month.
 *
 * @example
 * ```ts
 * const registry = new Registry("whisper-staging-registry", { registryName: "whisper-staging", region: "tor1" });
 * registry.access; // what pulls, and cannot push
 * ```
 */
export class Registry extends Component {
  readonly access: RegistryAccess;

  constructor(name: string, args: RegistryArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkRegistry(checks, args) });
    super("whisper:registry:Registry", name, { ...args, store: declaration }, options);

    const registry = this.#createRegistry(name, args);
    const credentials = this.#createCredentials(name, args, registry);

    this.access = {
      endpoint: registry.endpoint,
      dockerConfigJson: pulumi.secret(credentials.dockerCredentials),
    };
    this.registerOutputs({ endpoint: this.access.endpoint });
  }

  #createRegistry(name: string, args: RegistryArgs): digitalocean.ContainerRegistries {
    // The older ContainerRegistry asks for "the account's registry", and meets another environment's.
    return new digitalocean.ContainerRegistries(
      `${name}-registry`,
      {
        name: args.registryName,
        region: registryRegionOf(args.region),
        subscriptionTierSlug: args.tier ?? "basic",
      },
      { parent: this, protect: args.protect ?? true },
    );
  }

  #createCredentials(
    name: string,
    args: RegistryArgs,
    registry: digitalocean.ContainerRegistries,
  ): digitalocean.ContainerRegistryDockerCredentials {
    return new digitalocean.ContainerRegistryDockerCredentials(
      `${name}-pull`,
      {
        registryName: registry.name,
        write: false,
        ...(args.credentialDays !== undefined && { expirySeconds: args.credentialDays * secondsPerDay }),
      },
      // They are worth nothing without the registry. To revoke them, the provider asks a server of DigitalOcean's other
      // than the API, and where that cannot be reached it fails and nothing else is deleted.
      { parent: this, deletedWith: registry },
    );
  }
}

function registryRegionOf(region: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi
    .output(region)
    .apply((slug) => regions.find((known) => known.slug === slug)?.registryRegion ?? slug);
}

/** Finds what is wrong with a {@link Registry}'s arguments. */
export function checkRegistry(checks: ArgumentChecks, args: RegistryArgs): void {
  checks.check(
    "registryName",
    args.registryName,
    (text) => /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text),
    (text) => `is "${text}", which DigitalOcean does not take as a registry's name`,
    "Use 3 to 63 lower-case letters, digits and inner hyphens.",
  );
  checkRegion(checks, args.region, "available");
  checks.oneOf("tier", args.tier, Object.keys(registryTiers));
  checks.range("credentialDays", args.credentialDays, 1, 3650);
}
