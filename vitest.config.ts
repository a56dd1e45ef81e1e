import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, in this order. */
const longest = [
  "e2e/platform.",
  "e2e/production.",
  "e2e/random-kills.",
  "providers/kubernetes/engine.",
  "components/engine.",
  "sandbox/kubernetes/neo4j.",
  "e2e/kills.",
  "gpu-pool-controller/rollout.",
  "e2e/recovered-secrets.",
  "e2e/verbs.",
  "providers/digitalocean/engine.",
  "sandbox/daemon/lifecycle.",
  "providers/kit/engine.",
  "sandbox/kubernetes/lifecycle.",
  "gpu-pool-controller/delivery.",
  "e2e/team-secrets.",
];

/** A long file that begins last runs alone at the end. Vitest goes by the size of files, until it has seen them run. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((name) => moduleId.includes(name));
      return index === -1 ? longest.length : index;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/**
 * Three projects: `unit` needs nothing but Node, and comes first; `sandbox` starts parts of the sandbox, `e2e` drives the
 * real engine against a whole one. Of these two files run four at a time, each with a sandbox of its own: much of the
 * time they wait, and two cores serve them all. The limits are for tests that hang: on a machine under load everything
 * takes seven times as long.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/**/*.sandbox.test.ts", "tests/**/*.e2e.test.ts"],
          globalSetup: "tests/setup/run-folder.ts",
          maxWorkers: 2,
          // Pulumi's SDK is loaded once for each worker and not for each file: half the time of all.
          isolate: false,
          sequence: { groupOrder: 0 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "sandbox",
          include: ["tests/**/*.sandbox.test.ts"],
          globalSetup: ["tests/setup/run-folder.ts", "tests/setup/toolchain.ts"],
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/**/*.e2e.test.ts"],
          globalSetup: ["tests/setup/run-folder.ts", "tests/setup/toolchain.ts"],
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
