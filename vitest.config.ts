import { defineConfig } from "vitest/config";

/**
 * Three projects, fast ones first: `unit` needs nothing but Node, `sandbox` starts parts of the sandbox,
 * `e2e` drives the real engine against a whole one. The heavy two run one file at a time: two cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/**/*.sandbox.test.ts", "tests/**/*.e2e.test.ts"],
          sequence: { groupOrder: 0 },
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "sandbox",
          include: ["tests/**/*.sandbox.test.ts"],
          globalSetup: "tests/setup/toolchain.ts",
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/**/*.e2e.test.ts"],
          globalSetup: "tests/setup/toolchain.ts",
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
