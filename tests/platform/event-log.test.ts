import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tellLeftEvents } from "../../platform/engine/event-log.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "events-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const told = (): number[] => {
  const sequences: number[] = [];
  tellLeftEvents(folder, ({ sequence }) => sequences.push(sequence));
  return sequences;
};

it("tells once of what a killed command was not told, but for a line that the engine did not come to end", () => {
  expect(told()).toEqual([]);
  const file = join(folder, "events", "up.jsonl");
  mkdirSync(join(folder, "events"));
  writeFileSync(file, '{"sequence":1}\n{"sequence":2}\n{"sequ');
  expect(told()).toEqual([1, 2]);
  expect(existsSync(file)).toBe(false);
  expect(told()).toEqual([]);
});

it("passes over a line that a full disk has cut", () => {
  mkdirSync(join(folder, "events"));
  appendFileSync(join(folder, "events", "up.jsonl"), '{"sequ{"sequence":2}\n{"sequence":3}\n');
  expect(told()).toEqual([3]);
});
