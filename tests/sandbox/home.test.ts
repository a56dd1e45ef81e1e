import { join } from "node:path";
import { expect, it } from "vitest";
import { checkout, platformHome } from "../../sandbox/home.ts";

it.each([{}, { PLATFORM_HOME: "" }])("lives in the checkout when the environment says nothing: %o", (env) => {
  expect(platformHome(env).root).toBe(join(checkout, ".platform"));
});
