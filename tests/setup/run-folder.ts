import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder that lives as long as the run: what one test file worked out, the others need not. */
    runFolder: string;
  }
}

export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "whisper-tests-"));
  provide("runFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
