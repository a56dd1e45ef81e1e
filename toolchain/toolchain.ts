import { type Engine, ensureEngine } from "./engine.ts";
import { ensureKubernetes, type KubernetesPrograms } from "./kubernetes.ts";
import type { ObtainOptions } from "./obtain.ts";
import { ensurePgbouncer } from "./pgbouncer.ts";
import { ensureOlderPostgres, ensurePgDump, ensurePostgres, olderPostgresVersions } from "./postgres.ts";
import { ensureValkey } from "./valkey.ts";

/** Every program that the sandbox runs on. */
export interface Toolchain {
  readonly engine: Engine;
  readonly kubernetes: KubernetesPrograms;
}

/**
 * Gets the engine and the control plane at once: while one is compiled, which takes the processor, the other is
 * fetched, which takes the network. Neither is given up because the other cannot be had: what was got is kept.
 *
 * @throws what went wrong with the engine, else with the control plane; a `ToolchainError` when one cannot be had.
 */
export async function ensureToolchain(options: ObtainOptions = {}): Promise<Toolchain> {
  const [engine, kubernetes] = await Promise.allSettled([ensureEngine(options), ensureKubernetes(options)]);
  if (engine.status === "rejected") throw engine.reason;
  if (kubernetes.status === "rejected") throw kubernetes.reason;
  return { engine: engine.value, kubernetes: kubernetes.value };
}

/**
 * Gets the servers of managed databases, each as far as it can be had: without one, the sandbox's databases of that kind,
 * or their connection pools, are the API's state alone, and it says so.
 */
export const fetchDatabaseServers = (options: ObtainOptions = {}) =>
  Promise.allSettled([
    ensurePostgres(options).then(({ postgres }) => postgres),
    ...[ensureValkey, ensurePgbouncer].map(async (ensure) => (await ensure(options)).program),
  ]);

/** Gets what only some databases need, which is otherwise fetched when one asks for it: older versions, and upgrades. */
export const fetchForUpgrades = (options: ObtainOptions = {}) =>
  Promise.allSettled([
    ...olderPostgresVersions.map(async (version) => (await ensureOlderPostgres(version, options)).postgres),
    ensurePgDump(options),
  ]);
