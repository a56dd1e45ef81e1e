import type { DesiredResource } from "../golden/desired-state.ts";
import type { PodCarrier } from "./manifests.ts";

const podCarriers = ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"];

/** The desired state, asked by the last part of a type. */
export class Resources {
  private readonly all: readonly DesiredResource[];

  constructor(all: readonly DesiredResource[]) {
    // A component's own arguments are not there: what they do shows in its children.
    this.all = all.filter(({ inputs }) => inputs !== undefined);
  }

  ofType(...types: string[]): DesiredResource[] {
    return this.all.filter(({ type }) => types.includes(type.split(":").at(-1) ?? ""));
  }

  inputsOf<Inputs>(...types: string[]): Inputs[] {
    return this.ofType(...types).map(({ inputs }) => inputs as Inputs);
  }

  /** Whatever pods come from. */
  podCarriers(): PodCarrier[] {
    return this.inputsOf<PodCarrier>(...podCarriers);
  }
}
