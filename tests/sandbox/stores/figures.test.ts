import fc from "fast-check";
import { expect, it } from "vitest";
import { exposition } from "../../../sandbox/stores/metrics/exposition.ts";
import { valkeyFigures } from "../../../sandbox/stores/valkey/figures.ts";

it("tells the figures of one name together, whatever their order was", () => {
  const text = exposition([
    { name: "disk_used", labels: { path: "/" }, value: 1 },
    { name: "mem_used", value: 2.5 },
    { name: "disk_used", labels: { path: "/var" }, value: 3 },
  ]);
  expect(text.split("\n")).toEqual([
    "# TYPE disk_used untyped",
    'disk_used{path="/"} 1',
    'disk_used{path="/var"} 3',
    "# TYPE mem_used untyped",
    "mem_used 2.5",
    "",
  ]);
});

it("writes what is not finite as the format has it", () => {
  const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  const text = exposition(values.map((value) => ({ name: "a", value })));
  expect(text).toBe("# TYPE a untyped\na Inf\na -Inf\na NaN\n");
});

it("keeps each figure on a line of its own, whatever a label holds", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (names) => {
      const figures = names.map((datname) => ({ name: "size", labels: { datname }, value: 1 }));
      const lines = exposition(figures).split("\n").slice(1, -1);
      const told = lines.map((line) => /^size\{datname="((?:[^"\\\n]|\\[\\"n])*)"\} 1$/.exec(line)?.[1]);
      const read = told.map((text) =>
        text?.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter)),
      );
      expect(read).toEqual(names);
    }),
  );
});

it("reads of Valkey's INFO what Telegraf tells, by its names, and the keys of each database", () => {
  const info = [
    "# Clients",
    "connected_clients:3",
    "maxclients:10000",
    "# Memory",
    "used_memory:1048576",
    "used_memory_human:1.00M",
    "# Keyspace",
    "db0:keys=7,expires=1,avg_ttl=0",
    "db1:keys=0,expires=0,avg_ttl=0",
  ].join("\r\n");
  expect(valkeyFigures(info)).toEqual([
    { name: "redis_clients", value: 3 },
    { name: "redis_used_memory", value: 1048576 },
    { name: "redis_keyspace_keys", labels: { database: "db0" }, value: 7 },
    { name: "redis_keyspace_keys", labels: { database: "db1" }, value: 0 },
  ]);
});
