import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../sandbox/store/store.ts";

interface Doc {
  value: number;
}

describe("the store", () => {
  let directory: string;
  let store: Store;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "store-"));
    store = openStore(directory);
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("lists in the order of first puts, across updates and restarts", async () => {
    const docs = store.collection<Doc>("docs");
    for (const [id, value] of Object.entries({ c: 1, a: 2, b: 3 })) docs.put(id, { value });
    docs.put("c", { value: 4 });
    await store.close();
    store = openStore(directory);
    expect(store.collection<Doc>("docs").list()).toEqual([{ value: 4 }, { value: 2 }, { value: 3 }]);
  });

  it("hands out copies", () => {
    const docs = store.collection<Doc>("docs");
    docs.put("a", { value: 1 });
    const copy = docs.get("a");
    if (copy !== undefined) copy.value = 2;
    expect(docs.get("a")).toEqual({ value: 1 });
  });

  it("keeps collections apart and says whether there was something to delete", () => {
    store.collection<Doc>("one").put("a", { value: 1 });
    expect(store.collection<Doc>("two").get("a")).toBeUndefined();
    expect(store.collection<Doc>("two").delete("a")).toBe(false);
    expect(store.collection<Doc>("one").delete("a")).toBe(true);
  });

  it("never gives a number twice, and forgets everything when it is cleared", async () => {
    expect([store.nextInteger("n", 10), store.nextInteger("n", 10)]).toEqual([10, 11]);
    await store.close();
    store = openStore(directory);
    expect(store.nextInteger("n", 10)).toBe(12);
    store.collection<Doc>("docs").put("a", { value: 1 });
    store.clear();
    expect(store.collection<Doc>("docs").list()).toEqual([]);
    expect(store.nextInteger("n", 10)).toBe(10);
  });

  it("writes all of a transaction, or nothing when it throws", () => {
    const docs = store.collection<Doc>("docs");
    docs.put("a", { value: 1 });
    expect(
      store.transaction(() => {
        docs.put("b", { value: 2 });
        return docs.list();
      }),
    ).toEqual([{ value: 1 }, { value: 2 }]);
    expect(() =>
      store.transaction(() => {
        docs.put("a", { value: 3 });
        docs.delete("b");
        store.collection<Doc>("first used here").put("c", { value: 4 });
        throw new Error("refused");
      }),
    ).toThrow("refused");
    expect(docs.list()).toEqual([{ value: 1 }, { value: 2 }]);
    store.collection<Doc>("first used here").put("d", { value: 5 });
    expect(store.collection<Doc>("first used here").list()).toEqual([{ value: 5 }]);
  });

  it("agrees with a map, whatever is put and deleted", () => {
    const change = fc.record({ id: fc.constantFrom("a", "b", "c"), value: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        store.clear();
        const docs = store.collection<Doc>("docs");
        const model = new Map<string, Doc>();
        for (const { id, value } of changes) {
          if (value === null) {
            expect(docs.delete(id)).toBe(model.delete(id));
          } else {
            docs.put(id, { value });
            model.set(id, { value });
          }
        }
        expect(docs.list()).toEqual([...model.values()]);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps what was put by a process that is killed right after", () => {
    const other = join(directory, "killed");
    const module = JSON.stringify(new URL("../../../sandbox/store/store.ts", import.meta.url).href);
    const script = `
      const { openStore } = await import(${module});
      openStore(${JSON.stringify(other)}).collection("docs").put("a", { value: 7 });
      process.kill(process.pid, "SIGKILL");`;
    expect(() =>
      execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
        stdio: "pipe",
      }),
    ).toThrow(expect.objectContaining({ signal: "SIGKILL" }));
    const reopened = openStore(other);
    expect(reopened.collection<Doc>("docs").get("a")).toEqual({ value: 7 });
    return reopened.close();
  });
});
