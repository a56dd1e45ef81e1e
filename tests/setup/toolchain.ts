import { ensureToolchain } from "../../toolchain/toolchain.ts";

/** Gets the programs before the first test that needs them: a build takes longer than any test may. */
export default async function setup(): Promise<void> {
  await ensureToolchain({ onProgress: (line) => void process.stderr.write(`${line}\n`) });
}
