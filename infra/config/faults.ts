/** One thing that is wrong with the configuration of an environment. */
export interface Fault {
  /** Where: the key as `pulumi config set --path` takes it, such as `whisper-platform:images.api`. */
  readonly path: string;
  /** What is wrong there, as the end of a sentence that begins with the path. */
  readonly problem: string;
  /** What to do about it: a whole sentence. */
  readonly remedy: string;
}

/** Every fault in one message, for a person: a line that counts them, then path, problem and remedy of each. */
export function describeFaults(environment: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return [
    `The configuration of ${environment} (Pulumi.${environment}.yaml) has ${count}:`,
    ...faults.map(
      ({ path, problem, remedy }) => `  - ${path} ${problem}.\n    ${remedy.replaceAll("\n", "\n    ")}`,
    ),
  ].join("\n");
}
