import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** `npm run images`: too slow, and too much to fetch, for `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL("../../../", import.meta.url)),
  test: {
    include: ["tests/images/built/*.built.ts"],
    globalSetup: "tests/setup/toolchain.ts",
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
