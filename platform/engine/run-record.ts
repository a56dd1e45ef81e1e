import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ProcessIdentity } from "../../sandbox/daemon/process.ts";
import { readJson, replaceFile } from "../../sandbox/home.ts";

const engineSchema = z.object({ pid: z.number(), startTime: z.string() });

/** Where a run notes the engine process that works for it, so that a later run can find what a killed one left. */
export interface RunRecord {
  /** The engine that was noted last, whether or not it still runs. */
  engine(): ProcessIdentity | undefined;
  note(engine: ProcessIdentity): void;
  clear(): void;
}

/** @param workFolder Scratch folder of the environment. */
export function runRecord(workFolder: string): RunRecord {
  const file = join(workFolder, "engine.json");
  return {
    engine: () => engineSchema.safeParse(readJson(file)).data,
    note: (engine) => replaceFile(file, JSON.stringify(engine)),
    clear: () => rmSync(file, { force: true }),
  };
}
