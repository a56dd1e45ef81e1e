import { fileURLToPath } from "node:url";
import { preview } from "../platform/engine/operations.ts";
import { createOutput } from "../platform/report/output.ts";
import { withSession } from "../platform/session.ts";
import type { Figure } from "./figures.ts";

const emptyPack = fileURLToPath(new URL("./empty-pack", import.meta.url));
const runs = 7;

/** What the policies cost a preview of production: the engine without any, with a pack of one empty rule, and with ours. */
export async function packCostFigures(): Promise<Figure[]> {
  const { bare, empty, whole } = await engineSeconds();
  const more = whole.map((sample, run) => 100 * (sample / (empty[run] ?? sample) - 1));
  return [
    { name: "  engine alone", unit: "s", samples: bare, beside: "`pulumi preview`" },
    { name: "  engine with a pack of one empty rule", unit: "s", samples: empty, beside: "engine alone" },
    { name: "  engine with the policy pack", unit: "s", samples: whole, beside: "engine alone" },
    { name: "  the pack beyond the empty one", unit: "%", samples: more, beside: "15 % wanted" },
  ];
}

/** Previews inside one process, in turn with each pack, so that drift of the machine hits all. */
async function engineSeconds(): Promise<Record<"bare" | "empty" | "whole", number[]>> {
  const samples = { bare: [] as number[], empty: [] as number[], whole: [] as number[] };
  const options = { sandbox: true, json: true, yes: true };
  await withSession("production", options, createOutput(true), async ({ stack, project }) => {
    const packs = { bare: undefined, empty: emptyPack, whole: project.policyPack };
    // The first one bundles and warms what the others find done.
    for (let run = 0; run <= runs; run += 1) {
      for (const [name, policyPack] of Object.entries(packs)) {
        const { durationSeconds, error } = await preview(stack, { policyPack, onEvent: () => undefined });
        if (error !== undefined) throw error;
        if (run > 0) samples[name as keyof typeof samples].push(durationSeconds);
      }
    }
  });
  return samples;
}
