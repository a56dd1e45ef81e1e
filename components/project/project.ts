import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";

/** What DigitalOcean calls an environment, by what we call it. */
const stages: Readonly<Record<string, string>> = {
  staging: "Staging",
  production: "Production",
  development: "Development",
};

/** Arguments of a {@link Project}. */
export interface ProjectArgs {
  /**
   * Which environment the project holds.
   * @example "staging"
   */
  readonly environment: string;

  /**
   * What the project is for, in a sentence; at most 255 characters.
   * @default "AI transcription platform, <environment>"
   */
  readonly description?: pulumi.Input<string>;

  /**
   * URNs (`do:<kind>:<id>`) of what belongs in the project.
   *
   * Membership is kept apart from the members, whose own `projectId` would replace them when it changes.
   * @example [postgres.clusterUrn, media.bucketUrn]
   */
  readonly members: readonly pulumi.Input<string>[];
}

/**
 * DigitalOcean's folder for an environment: what belongs together is shown, counted and paid together. In the account's default
 * project stay a NAT gateway, of which a project takes no URN, and the droplets of an elastic pool, which come and go by
 * themselves: both are told by their names.
 *
 * ### Cost
 * Free.
 *
 * @example
 * ```ts
 * new Project("whisper-staging-project", {
 *   environment: "staging",
 *   members: [network.vpcUrn, cluster.clusterUrn, postgres.clusterUrn],
 * });
 * ```
 */
export class Project extends Component {
  readonly projectId: pulumi.Output<string>;

  constructor(name: string, args: ProjectArgs, options?: pulumi.ComponentResourceOptions) {
    checkArguments(name, args);
    super("whisper:project:Project", name, args, options);

    const project = this.#createProject(name, args);
    this.#assignMembers(name, args, project);

    this.projectId = project.id;
    this.registerOutputs({ projectId: this.projectId });
  }

  #createProject(name: string, args: ProjectArgs): digitalocean.Project {
    return new digitalocean.Project(
      `${name}-project`,
      {
        name: `${name}-project`,
        description: args.description ?? `AI transcription platform, ${args.environment}`,
        purpose: "Service or API",
        environment: stages[args.environment] ?? args.environment,
      },
      // Members are assigned apart; the project would otherwise show them as a difference.
      { parent: this, ignoreChanges: ["resources"] },
    );
  }

  #assignMembers(name: string, args: ProjectArgs, project: digitalocean.Project): void {
    new digitalocean.ProjectResources(
      `${name}-members`,
      { project: project.id, resources: [...args.members] },
      // Taken out of one project, members go to the account's default one: not after they have come into another.
      { parent: this, deleteBeforeReplace: true },
    );
  }
}

function checkArguments(name: string, args: ProjectArgs): void {
  const checks = new ArgumentChecks(name);
  checks.oneOf("environment", args.environment, Object.keys(stages));
  checks.check(
    "description",
    args.description,
    (text) => text.length <= 255,
    (text) => `has ${text.length} characters, and DigitalOcean keeps 255`,
    "Shorten it.",
  );
  checks.throwIfAny();
}
