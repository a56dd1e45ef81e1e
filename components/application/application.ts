import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ApplicationArgs } from "./arguments.ts";
import { createMigrations } from "./migrations.ts";
import { createApi, createWeb, createWorker, type ServiceAddress } from "./parts.ts";
import { createSettings } from "./settings-objects.ts";

/**
 * The transcription product on Kubernetes: front end, API, and the workers of the light queues; transcription
 * itself is the GPU pool's. Migrations run to their end before any of it rolls.
 *
 * The API exists twice. `api` is what the configuration says. `api-candidate` has no pods until a release gives it
 * an image and replicas of its own, which a plain `up` then leaves alone; the edge sends it as much as its
 * weights say.
 *
 * ### Cost
 * Nothing of its own: see the cluster's pools.
 *
 * @example
 * ```ts
 * new Application("whisper-staging-application", {
 *   ownership, namespace: namespace.placement, images, sizes, siteDomain, apiDomain,
 *   database: postgres.pooled, migrationDatabase: postgres.direct, privileges: postgres.privileges,
 *   broker: valkey.connection, cache: valkey.connectionTo(1),
 *   media: media.grants.application, traffic: { api: podTraffic(plan, application.api), ... },
 * }, { provider: cluster.provider });
 * ```
 */
export class Application extends Component {
  readonly web: ServiceAddress;
  /** The API as the configuration says, and the release on its way in. */
  readonly api: { readonly stable: ServiceAddress; readonly candidate: ServiceAddress };

  constructor(name: string, args: ApplicationArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:application:Application", name, { ...args, namespace: args.namespace.name }, options);

    const settings = createSettings(name, args, this);
    const migrations = createMigrations(name, args, settings, this);
    const placement = { ...args.namespace, guards: [...settings.guards, migrations] };
    this.api = createApi(name, args, settings, placement, this);
    this.web = createWeb(name, args, settings, placement, this);
    createWorker(name, args, settings, placement, this);

    this.registerOutputs({ api: this.api, web: this.web });
  }
}
