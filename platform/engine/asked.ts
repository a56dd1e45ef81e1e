import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation/index.js";
import type { AskedResource } from "../../infra/cost.ts";
import { isBookkeeping, nameOf, stackType } from "./plan.ts";

/** Collects, from the events of a preview, what is asked of the cloud before the change and after it. */
export class Asked {
  readonly #before = new Map<string, AskedResource>();
  readonly #after = new Map<string, AskedResource>();

  add({ resourcePreEvent }: EngineEvent): void {
    const metadata = resourcePreEvent?.metadata;
    if (metadata === undefined || isBookkeeping(metadata)) return;
    if (metadata.old) this.#before.set(metadata.urn, askedResource(metadata.old));
    if (metadata.new) this.#after.set(metadata.urn, askedResource(metadata.new));
  }

  before(): AskedResource[] {
    return [...this.#before.values()];
  }

  after(): AskedResource[] {
    return [...this.#after.values()];
  }
}

function askedResource({ urn, type, parent, inputs }: StepEventStateMetadata): AskedResource {
  const inStack = !parent || parent.includes(`::${stackType}::`);
  return { name: nameOf(urn), type, ...(inStack ? {} : { component: nameOf(parent) }), inputs };
}
