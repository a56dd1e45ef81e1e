/** All managed stores of one sandbox. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { DebianProgram } from "../../toolchain/debian-program.ts";
import type { Available } from "./available.ts";
import { chooseFreePlace } from "./place.ts";
import { PostgresServer } from "./postgres/server.ts";
import type { PostgresVersions } from "./programs.ts";
import {
  type AbsentEngine,
  type StoreEngine,
  type StoreOffer,
  type StorePlace,
  type StoreReport,
  type StoreSpec,
  type StoresRuntime,
  storeEngines,
} from "./runtime.ts";
import { absentServer, Store, type StoreServer } from "./store.ts";
import { ValkeyServer } from "./valkey/server.ts";

/** The service's only one: what runs in its place speaks its protocol, and tells its own version to who asks. */
const VALKEY_VERSIONS = ["8"];

export interface StoresRuntimeOptions {
  /** Has one folder a store. Made when the first is started; everything in it is private. */
  readonly directory: string;
  readonly postgres: Available<PostgresVersions>;
  /** Keeps PostgreSQL's connection pools. Without it they are API state only. */
  readonly pgbouncer: Available<DebianProgram>;
  readonly valkey: Available<DebianProgram>;
}

/** The engines whose clusters are API state only. */
export function absentEngines(runtime: StoresRuntime): AbsentEngine[] {
  return storeEngines.flatMap((engine) => {
    const offer = runtime.offer(engine);
    return "reason" in offer ? [{ engine, reason: offer.reason }] : [];
  });
}

export function createStoresRuntime(options: StoresRuntimeOptions): StoresRuntime {
  return new Stores(options);
}

class Stores implements StoresRuntime {
  private readonly options: StoresRuntimeOptions;
  private readonly stores = new Map<string, Store>();
  /** Chosen in this run: a place is only seen to be taken once its server listens. */
  private readonly places = new Set<string>();
  private closed = false;

  constructor(options: StoresRuntimeOptions) {
    this.options = options;
  }

  offer(engine: StoreEngine): StoreOffer {
    const { postgres, valkey } = this.options;
    if (engine === "valkey") return "reason" in valkey ? valkey : { versions: VALKEY_VERSIONS };
    return "reason" in postgres ? postgres : { versions: postgres.programs.versions };
  }

  async choosePlace(): Promise<StorePlace> {
    const place = await chooseFreePlace(this.places);
    this.places.add(place.serverHost);
    return place;
  }

  async apply(spec: StoreSpec): Promise<void> {
    if (this.closed)
      throw new Error(`The database cluster ${spec.name} is not started: the sandbox is being stopped.`);
    const store = this.stores.get(spec.id) ?? this.add(spec);
    await store.apply(spec);
  }

  async delete(storeId: string): Promise<void> {
    const store = this.stores.get(storeId);
    this.stores.delete(storeId);
    await store?.delete();
    await rm(this.folder(storeId), { recursive: true, force: true });
  }

  isMade(storeId: string): boolean {
    return this.stores.get(storeId)?.isMade ?? false;
  }

  report(): StoreReport[] {
    return [...this.stores.values()].map((store) => store.report());
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.stores.values()].map((store) => store.stop()));
  }

  private add(spec: StoreSpec): Store {
    const directory = this.folder(spec.id);
    this.places.add(spec.place.serverHost);
    const store = new Store({ directory, spec, server: this.serverOf(spec, directory) });
    this.stores.set(spec.id, store);
    return store;
  }

  private serverOf({ engine }: StoreSpec, directory: string): StoreServer {
    const { postgres, pgbouncer, valkey } = this.options;
    if (engine === "valkey") {
      return "reason" in valkey ? absentServer(valkey.reason) : new ValkeyServer(directory, valkey.programs);
    }
    return "reason" in postgres
      ? absentServer(postgres.reason)
      : new PostgresServer(directory, postgres.programs, pgbouncer);
  }

  private folder(storeId: string): string {
    return path.join(this.options.directory, storeId);
  }
}
