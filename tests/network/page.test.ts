import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pageFile, pageWith } from "./page.ts";

const page = readFileSync(pageFile, "utf8");

it("docs/network.md shows what is declared (`npm run network` rewrites it)", () => {
  expect(pageWith(page)).toBe(page);
});

it("a page that has lost one of its parts is no page", () => {
  expect(() => pageWith(page.replace("<!-- generated: table -->", ""))).toThrow("no place for: table");
});
