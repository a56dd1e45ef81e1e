import { RunError } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { failureCauses } from "../../platform/verbs/failure-causes.ts";

const urn = (name: string) => `urn:pulumi:staging::whisper-platform::kubernetes:core/v1:Secret::${name}`;
const error = (message: string, name?: string) => ({
  severity: "error" as const,
  message,
  ...(name === undefined ? {} : { urn: urn(name) }),
});
const canceled = error("failed to run policy: context canceled", "quota");

describe("why something failed", () => {
  it("says once what the program was given and refuses, which is the operator's fault", () => {
    const refusal = new RunError("The arguments of edge have 1 fault:\n  - replicas is 0.");
    const { lines, operatorsFault } = failureCauses(
      [error(refusal.message), error(refusal.message), canceled],
      [refusal],
      "/project",
    );
    expect(lines).toEqual(["  - The arguments of edge have 1 fault:\n      - replicas is 0."]);
    expect(operatorsFault).toBe(true);
  });

  it("names the project's own line of a mistake in its program, and what finds such mistakes", () => {
    const mistake = new TypeError("Cannot read properties of undefined");
    mistake.stack = [
      `TypeError: ${mistake.message}`,
      "    at range (/project/node_modules/x/index.js:1:1)",
      "    at edge (/project/stacks/platform.ts:12:3)",
    ].join("\n");
    const { lines, operatorsFault } = failureCauses(
      [error(`Unhandled exception: ${mistake.stack}`), canceled],
      [mistake],
      "/project",
    );
    expect(lines.join("\n")).toBe(
      "  - TypeError: Cannot read properties of undefined\n    at edge (/project/stacks/platform.ts:12:3)\n" +
        '  "npm run typecheck" finds mistakes of this kind, and their places.',
    );
    expect(operatorsFault).toBe(false);
  });

  it("says what is the same of many resources once, and how many they are", () => {
    const gone = "The cluster cannot be reached";
    const { lines } = failureCauses(
      [
        error(gone, "a"),
        error("no", "b"),
        error(gone, "c"),
        error(gone, "d"),
        canceled,
        error("preview failed"),
      ],
      [],
      "/project",
    );
    expect(lines).toEqual([`  - a and 2 more resources: ${gone}`, "  - b: no"]);
  });

  it("says that something was given up where nothing else is known", () => {
    expect(failureCauses([canceled], [], "/project").lines).toEqual([
      "  - quota: failed to run policy: context canceled",
    ]);
  });
});
