import { ensureEngine } from "../../toolchain/engine.ts";
import { ensureKubernetes } from "../../toolchain/kubernetes.ts";

/** Gets the programs before the first test that needs them: a build takes longer than any test may. */
export default async function setup(): Promise<void> {
  const onProgress = (line: string) => void process.stderr.write(`${line}\n`);
  await ensureEngine({ onProgress });
  await ensureKubernetes({ onProgress });
}
