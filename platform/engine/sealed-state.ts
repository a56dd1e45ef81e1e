import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, Stack } from "@pulumi/pulumi/automation/index.js";
import type { CommandOutcome } from "./command.ts";

/**
 * The stack, with its state exported and imported as it is stored: secrets encrypted. The Automation API decrypts them
 * for both, and leaves them in the system's folder for temporary files when an import fails or is killed.
 *
 * @param run Runs the engine's command line.
 */
export function withSealedState(
  stack: Stack,
  run: (args: readonly string[]) => Promise<CommandOutcome>,
): Stack {
  const of = ["--stack", stack.name];
  const importStack = async (state: Deployment) => {
    const file = join(stack.workspace.workDir, "state-to-import.json");
    try {
      writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
      await run(["stack", "import", "--file", file, ...of]);
    } finally {
      rmSync(file, { force: true });
    }
  };
  const exportStack = async (): Promise<Deployment> =>
    JSON.parse((await run(["stack", "export", ...of])).stdout);
  return Object.create(stack, { exportStack: { value: exportStack }, importStack: { value: importStack } });
}
