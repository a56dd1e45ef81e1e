import { afterEach, expect, it, vi } from "vitest";
import { reportError } from "../../platform/cli/report-error.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("a full disk is nobody's fault: what to do is said, and no stack is shown", () => {
  const said: unknown[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(text) > 0);
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(reportError(full, [])).toBe(1);
  expect(said.join("")).toMatch(/^There is no room left on the disk of .*\nMake room, then run/);
});
