import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { runningSandbox } from "./running.ts";

/** Lists what exists in the emulated cloud. */
export async function runSandboxInventory(output: Output): Promise<ExitStatus> {
  const inventory = await runningSandbox().client.inventory();
  const lines = Object.entries(inventory).flatMap(([kind, things]) => [
    `${kind} (${things.length})`,
    ...things.map(({ id, name }) => `  ${name}  ${output.colors.dim(id)}`),
  ]);
  output.result(inventory, lines.length === 0 ? "There is nothing in the cloud." : lines.join("\n"));
  return exitStatus.done;
}
