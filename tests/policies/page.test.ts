import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pageFile, pageWith } from "./page.ts";

it("docs/policies.md shows the rules there are (`npm run policies` rewrites it)", () => {
  const page = readFileSync(pageFile, "utf8");
  expect(pageWith(page)).toBe(page);
});
