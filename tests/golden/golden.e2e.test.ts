import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type DesiredResource, desiredStates, environments } from "./desired-state.ts";
import { goldenFile, goldenText } from "./file.ts";

describe("the desired state of each environment", () => {
  let states: Record<string, DesiredResource[]> = {};
  beforeAll(async () => {
    states = await desiredStates();
  });

  it.each(environments)("of %s is the committed one (`npm run golden` rewrites it)", async (environment) => {
    const committed = await readFile(goldenFile(environment), "utf8");

    expect(goldenText(states[environment] ?? [])).toBe(committed);
  });

  it.each(environments)("of %s holds no secret in the clear", (environment) => {
    const secrets = (states[environment] ?? []).filter(({ type }) => type === "kubernetes:core/v1:Secret");

    expect(secrets.length).toBeGreaterThan(0);
    for (const { inputs } of secrets) {
      const { stringData = {}, data = {} } = inputs as Record<string, object | string>;
      for (const value of [stringData, data].flatMap((one) =>
        typeof one === "string" ? [one] : Object.values(one),
      )) {
        expect(["[secret]", "[unknown]"]).toContain(value);
      }
    }
  });

  it("protects every store in production and none in staging", () => {
    const stores = (environment: string) =>
      (states[environment] ?? []).filter(({ type }) => /:(DatabaseCluster|SpacesBucket)$/.test(type));

    expect(stores("production").length).toBeGreaterThan(0);
    expect(stores("production").every(({ protect }) => protect === true)).toBe(true);
    expect(stores("staging").some(({ protect }) => protect === true)).toBe(false);
    expect(stores("staging").length).toBeGreaterThan(0);
  });
});
