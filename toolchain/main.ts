import { ToolchainError } from "./errors.ts";
import { kubernetesVersion } from "./kubernetes.ts";
import { ensureNeo4j } from "./neo4j.ts";
import { ensureToolchain, fetchDatabaseServers, fetchForUpgrades } from "./toolchain.ts";

/** `npm run toolchain`: gets every program ahead of time, so that what follows starts at once. */
try {
  const options = { onProgress: (line: string) => void process.stderr.write(`${line}\n`) };
  const { engine, kubernetes } = await ensureToolchain(options);
  process.stdout.write(`Pulumi ${engine.version}: ${engine.pulumiPath}\n`);
  process.stdout.write(`Kubernetes ${await kubernetesVersion()}: ${kubernetes.apiServer}\n`);
  // The sandbox goes on without these: its databases are then the API's state alone, and nothing answers in Neo4j's pod.
  const servers = [
    ...(await fetchDatabaseServers(options)),
    ...(await fetchForUpgrades(options)),
    ...(await Promise.allSettled([ensureNeo4j(options).then(({ classPath }) => classPath)])),
  ];
  for (const server of servers) {
    if (server.status === "rejected") process.stderr.write(`${server.reason}\n`);
    else process.stdout.write(`Database server: ${server.value}\n`);
  }
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
