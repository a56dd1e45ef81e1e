import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lastApplied } from "../../platform/repair/applied.ts";

let folder: string;
let project: string;
let work: string;
const write = (file: string, text: string) => writeFileSync(join(project, file), text);
const open = () => lastApplied(work, project);
/** A state that the engine wrote so long after now. */
const written = (secondsFromNow: number) => ({
  manifest: { time: new Date(Date.now() + secondsFromNow * 1000).toISOString() },
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "applied-"));
  project = join(folder, "project");
  work = join(folder, "work");
  for (const made of [work, join(project, "infra"), join(project, "node_modules"), join(project, ".home")]) {
    mkdirSync(made, { recursive: true });
  }
  write("infra/program.ts", "one");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("knows the project that was applied to its end, from one run to the next", () => {
  expect(open().isOf(written(-60))).toBe(false);
  open().note();
  expect(open().isOf(written(-60))).toBe(true);
});

it("is of no state that was written since, or of which nobody knows when", () => {
  open().note();
  expect(open().isOf(written(60))).toBe(false);
  expect(open().isOf({})).toBe(false);
});

it.each([
  { change: "a file edited", make: () => write("infra/program.ts", "two") },
  { change: "a file more", make: () => write("infra/other.ts", "") },
  {
    change: "a file renamed",
    make: () => renameSync(join(project, "infra/program.ts"), join(project, "main.ts")),
  },
])("is of no other project: $change", ({ make }) => {
  open().note();
  make();
  expect(open().isOf(written(-60))).toBe(false);
});

it("counts neither packages nor hidden folders, where a run itself writes", () => {
  open().note();
  write("node_modules/a.js", "");
  write(".home/state.json", "");
  expect(open().isOf(written(-60))).toBe(true);
});

it("takes what is edited while the update runs for not applied", () => {
  const running = open();
  write("infra/program.ts", "two");
  running.note();
  expect(open().isOf(written(-60))).toBe(false);
});

it("a record that cannot be read counts for nothing", () => {
  writeFileSync(join(work, "applied.json"), '{"project":1');
  expect(open().isOf(written(-60))).toBe(false);
});
