import { writeFileSync } from "node:fs";
import { failure } from "../exit.ts";
import type { Finding } from "../gate/verdict.ts";

/** Where findings go beside the result, for programs that read neither text nor JSON of ours. */
export interface FindingsFiles {
  /** File that they are written into as SARIF. */
  readonly sarif?: string;
  /** File that they are written into as JUnit's XML. */
  readonly junit?: string;
}

/**
 * Writes findings into files, as far as any are asked for.
 *
 * @param place Where a finding stands that has no place of its own, such as the configuration of the environment.
 */
export async function writeFindings(
  findings: readonly Finding[],
  place: string,
  { sarif, junit }: FindingsFiles,
): Promise<void> {
  if (sarif !== undefined) {
    const { sarifLog } = await import("./sarif.ts");
    written(sarif, `${JSON.stringify(sarifLog(findings, place), undefined, 2)}\n`);
  }
  if (junit !== undefined) {
    const { junitXml } = await import("./junit.ts");
    written(junit, junitXml(findings, place));
  }
}

function written(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw failure(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}
