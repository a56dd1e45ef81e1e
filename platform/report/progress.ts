import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { isBookkeeping, nameOf, type Operation } from "../engine/plan.ts";
import { typeOf } from "../gate/verdict.ts";
import type { Output } from "./output.ts";

/** Shows an operation of the engine as it goes on. */
interface Progress {
  onEvent(event: EngineEvent): void;
  /** Ends the display and sums up in one line. */
  end(): void;
}

const marks: Partial<
  Record<string, { readonly mark: string; readonly done: string; readonly operation: Operation }>
> = {
  create: { mark: "+", done: "created", operation: "create" },
  "create-replacement": { mark: "±", done: "created in place of the old one", operation: "replace" },
  update: { mark: "~", done: "updated", operation: "update" },
  delete: { mark: "-", done: "deleted", operation: "delete" },
  "delete-replaced": { mark: "-", done: "old one deleted", operation: "delete" },
};

const tickMs = 250;

/**
 * Progress for people: where a person watches, one line that counts and names what is under way; in a log, a line for
 * each resource that changed.
 *
 * @param title What is being done, e.g. "Applying".
 * @param planned Whether the events are of a preview, in which nothing is done.
 */
export function showProgress(output: Output, title: string, planned = false): Progress {
  const begunAt = Date.now();
  const underWay = new Map<string, number>();
  let seen = 0;
  let changed = 0;
  const elapsed = () => `${((Date.now() - begunAt) / 1000).toFixed(0)} s`;
  const draw = () => {
    const [current] = [...underWay.keys()].slice(-1);
    const now = current === undefined ? "" : ` · ${nameOf(current)} (${typeOf(current)})`;
    const counts = planned ? `${seen} looked at` : `${changed} changed, ${underWay.size} under way`;
    output.status(`${title} · ${counts} · ${elapsed()}${now}`);
  };
  const timer = output.live ? setInterval(draw, tickMs) : undefined;
  if (!output.live) output.say(`${title}...`);
  return {
    onEvent: (event) => {
      const begun = event.resourcePreEvent?.metadata;
      if (begun !== undefined) {
        seen += 1;
        if (marks[begun.op] !== undefined) underWay.set(begun.urn, Date.now());
      }
      const ended = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
      if (ended === undefined) return;
      const since = underWay.get(ended.urn);
      underWay.delete(ended.urn);
      const kind = marks[ended.op];
      if (planned || since === undefined || kind === undefined || isBookkeeping(ended)) return;
      changed += 1;
      const failed = event.resOpFailedEvent !== undefined;
      const took = `${((Date.now() - since) / 1000).toFixed(1)} s`;
      const label = `${nameOf(ended.urn)} (${typeOf(ended.urn)})`;
      output.say(`  ${failed ? "!" : kind.mark} ${label} ${failed ? "failed" : kind.done} after ${took}`);
    },
    end: () => {
      if (timer !== undefined) clearInterval(timer);
      output.status("");
      output.say(`${title} took ${((Date.now() - begunAt) / 1000).toFixed(1)} s.`);
    },
  };
}
