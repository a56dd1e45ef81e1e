import { ensureToolchain, fetchDatabaseServers } from "../../toolchain/toolchain.ts";

/** Gets the programs before the first test that needs them: a build takes longer than any test may. */
export default async function setup(): Promise<void> {
  const options = { onProgress: (line: string) => void process.stderr.write(`${line}\n`) };
  await ensureToolchain(options);
  // A server that cannot be had fails the tests of the managed databases, and no others.
  await fetchDatabaseServers(options);
}
