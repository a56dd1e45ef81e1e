import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { labelsOf, type Ownership } from "../ownership.ts";
import { type Priority, priorities, priorityClassOf } from "./priority.ts";

/** Arguments of {@link Priorities}. */
export interface PrioritiesArgs {
  /** Whose they are. */
  readonly ownership: Ownership;
}

/**
 * The priority classes of a cluster: which pods get a node first, and which go when a more important one has none.
 * A pod that names none has the lowest priority, 0; system pods of DOKS stand above all of these.
 *
 * Batch takes nobody's place: it waits for a node that the autoscaler adds.
 *
 * ### Cost
 * Nothing.
 *
 * @example
 * ```ts
 * const priorities = new Priorities("whisper-staging-priorities", { ownership }, { provider: cluster.provider });
 * new Namespace("whisper-staging-edge", { prerequisites: priorities.classes, ... }, { provider: cluster.provider });
 * ```
 */
export class Priorities extends Component {
  /** What must be there before a pod may name a class. */
  readonly classes: readonly pulumi.Resource[];

  constructor(name: string, { ownership }: PrioritiesArgs, options?: pulumi.ComponentResourceOptions) {
    super("whisper:priorities:Priorities", name, { ownership }, options);
    this.classes = Object.keys(priorities)
      .filter((priority): priority is Priority => priority in priorities)
      .map((priority) => this.#createClass(`${name}-${priority}`, priority, ownership));
    this.registerOutputs({ names: Object.keys(priorities) });
  }

  #createClass(
    name: string,
    priority: Priority,
    ownership: Ownership,
  ): kubernetes.scheduling.v1.PriorityClass {
    const { value, for: purpose } = priorities[priority];
    return new kubernetes.scheduling.v1.PriorityClass(
      name,
      {
        metadata: { name: priorityClassOf(priority), labels: labelsOf(ownership, "priorities") },
        value,
        description: purpose,
        globalDefault: false,
        preemptionPolicy: priority === "batch" ? "Never" : "PreemptLowerPriority",
      },
      { parent: this },
    );
  }
}
