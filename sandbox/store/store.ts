import { mkdirSync } from "node:fs";
import { open } from "lmdb";

/** One kind of document, by id, in the order in which ids were first put. */
export interface Collection<T extends object> {
  /** A fresh copy of the document, or undefined. Changing it changes nothing until it is `put`. */
  get(id: string): T | undefined;
  /** Fresh copies of all documents, oldest first. */
  list(): T[];
  /** Writes the document; a put over an existing id keeps its place in the order. */
  put(id: string, doc: T): void;
  /** Whether there was one to delete. */
  delete(id: string): boolean;
}

/** Everything the emulated cloud knows. Synchronous: when a call returns, what it wrote outlives `kill -9`. */
export interface Store {
  collection<T extends object>(name: string): Collection<T>;
  /** The next integer of a named series, from `first` on, never given twice (droplet ids, action ids). */
  nextInteger(series: string, first?: number): number;
  /** Does `work`, which must not wait for anything: when it throws, or the process is killed, nothing of it was written. */
  transaction<T>(work: () => T): T;
  /** Forgets every document and every series. */
  clear(): void;
  close(): Promise<void>;
}

interface Entry<T> {
  readonly sequence: number;
  readonly doc: T;
}

const maxCollections = 100;

/**
 * Opens (or makes) the store in `directory`, mode 0700.
 *
 * Commits reach the operating system before a call returns but are not forced to the disk: a killed process
 * loses nothing, a power cut may. A cloud on a laptop can be started afresh, and 20 times the speed is worth more.
 */
export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const root = open({ path: directory, maxDbs: maxCollections, noSync: true });
  const series = root.openDB<number, string>({ name: "_series" });
  const collections = new Map<string, Collection<object>>();

  function nextInteger(name: string, first = 1): number {
    return root.transactionSync(() => {
      const next = series.get(name) ?? first;
      series.putSync(name, next + 1);
      return next;
    });
  }

  function transaction<T>(work: () => T): T {
    const known = new Set(collections.keys());
    try {
      return root.transactionSync(work);
    } catch (error) {
      // A database that was first opened in a transaction goes with it.
      for (const name of collections.keys()) if (!known.has(name)) collections.delete(name);
      throw error;
    }
  }

  function openCollection<T extends object>(name: string): Collection<T> {
    const database = root.openDB<Entry<T>, string>({ name });
    return {
      get: (id) => database.get(id)?.doc,
      list: () =>
        [...database.getRange()]
          .map((entry) => entry.value)
          .sort((a, b) => a.sequence - b.sequence)
          .map((entry) => entry.doc),
      put: (id, doc) => {
        const sequence = database.get(id)?.sequence ?? nextInteger("_documents");
        database.putSync(id, { sequence, doc });
      },
      delete: (id) => database.removeSync(id),
    };
  }

  return {
    collection: <T extends object>(name: string): Collection<T> => {
      const known = collections.get(name) ?? openCollection(name);
      collections.set(name, known);
      return known as Collection<T>;
    },
    nextInteger,
    transaction,
    clear: () => {
      for (const name of root.getKeys()) root.openDB({ name: String(name) }).clearSync();
    },
    close: () => root.close(),
  };
}
