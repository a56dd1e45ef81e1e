import { expect, it } from "vitest";
import { refusalOf } from "./harness.ts";

/** A case of bad input: what it is, the arguments that hold it, and the paths of the faults that must be told. */
export type Refusal<Args> = readonly [what: string, args: Partial<Args>, paths: readonly string[]];

/**
 * Declares one test for each case: the component refuses the arguments with exactly these faults, each with a
 * problem and a remedy, and its message holds them all.
 *
 * @param make Makes the component from sound arguments overlaid with the case's.
 */
export function itRefuses<Args>(
  make: (args: Partial<Args>) => unknown,
  cases: readonly Refusal<Args>[],
): void {
  it.each(cases)("refuses %s", async (_, args, paths) => {
    const error = await refusalOf(() => make(args));
    expect(error).toMatchObject({
      name: "ArgumentError",
      faults: paths.map((path) => ({
        path,
        problem: expect.stringMatching(/^(is|has|make|and|opens|looks) /),
        remedy: expect.stringMatching(/^[A-Z].*\.$/),
      })),
    });
    for (const path of paths) expect(error.message).toContain(`- ${path} `);
  });
}
