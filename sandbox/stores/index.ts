/**
 * Real servers for the emulated cloud's managed databases. `runtime.ts` says what it offers; a newcomer reads on in
 * `stores.ts` (all servers), `store.ts` (one), then:
 *
 * - `place.ts`, `gate.ts`, `trusted-sources.ts`: where clients reach a server, and who is let in
 * - `postgres/`, `valkey/`: an engine's process, its settings, its users and what else is in it
 */

export { findPgbouncer, findPostgres, findValkey } from "./programs.ts";
export type * from "./runtime.ts";
export { UpgradeFailed } from "./runtime.ts";
export { absentEngines, createStoresRuntime, type StoresRuntimeOptions } from "./stores.ts";
