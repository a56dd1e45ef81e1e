import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { closest } from "../../../sandbox/closest.ts";
import { type Page, paginate } from "../../../sandbox/cloud/pagination.ts";
import { parseRequest } from "../../../sandbox/cloud/validation.ts";

const schema = z.strictObject({
  name: z.string(),
  rules: z.array(z.strictObject({ port: z.number() })).optional(),
  target: z
    .union([z.strictObject({ cpu: z.number() }), z.strictObject({ memory: z.number(), most: z.number() })])
    .optional(),
});

const refusalOf = (value: unknown): string => {
  try {
    parseRequest(schema, value);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe("a request that is not as its schema says", () => {
  it.each([
    [{ name: 1, rules: [{ port: "80" }] }, ["name: ", "rules.0.port: "]],
    [{ nam: "a" }, ["nam: unknown field, did you mean name?", "name: "]],
    [{ name: "a", rules: [{ port: 1, prt: 2 }] }, ["rules.0.prt: unknown field, did you mean port?"]],
    [{ name: "a", colour: "red" }, ["colour: unknown field"]],
    [{ name: "a", target: { cpu: "x" } }, ["target.cpu: "]],
    [undefined, ["expected object"]],
  ])("is refused with every fault, its path and what may be meant: %j", (value, faults) => {
    const message = refusalOf(value);
    for (const fault of faults) expect(message).toContain(fault);
  });

  it("has only near words suggested", () => {
    expect(closest("regoin", ["region", "size"])).toBe("region");
    expect(closest("colour", ["region", "size"])).toBeUndefined();
  });
});

describe("pages", () => {
  it("hold every item once, in order, when their links are followed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }), (count, perPage) => {
        const items = Array.from({ length: count }, (_, index) => index);
        const seen: unknown[] = [];
        let url: string | undefined = `http://cloud.test/v2/things?per_page=${perPage}&name=x`;
        while (url !== undefined) {
          const page: Page = paginate("things", items, new URL(url));
          expect(page.meta.total).toBe(count);
          seen.push(...(page.things as unknown[]));
          url = page.links.pages?.next;
          if (url !== undefined) expect(new URL(url).searchParams.get("name")).toBe("x");
        }
        expect(seen).toEqual(items);
      }),
    );
  });

  it("show what is on them, and nothing else", () => {
    const url = new URL("http://cloud.test/v2/things?page=2&per_page=2");
    const page = paginate("things", [1, 2, 3, 4, 5], url, (shown) => [`all of ${shown.join()}`]);
    expect(page).toMatchObject({ things: ["all of 3,4"], meta: { total: 5 } });
  });
});
