import { ensureNeo4j } from "../../toolchain/neo4j.ts";
import { ensureToolchain, fetchDatabaseServers, fetchForUpgrades } from "../../toolchain/toolchain.ts";

/** Gets the programs before the first test that needs them: a build takes longer than any test may. */
export default async function setup(): Promise<() => Promise<void>> {
  const options = { onProgress: (line: string) => void process.stderr.write(`${line}\n`) };
  // Beside all else, as it takes a minute of the network: the one file that needs it waits, and says why it is not there.
  const neo4j = Promise.allSettled([ensureNeo4j(options)]);
  await ensureToolchain(options);
  // A server that cannot be had fails the tests of the managed databases, and no others.
  await Promise.all([fetchDatabaseServers(options), fetchForUpgrades(options)]);
  return async () => {
    await neo4j;
  };
}
