import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "../../toolchain/cache.ts";

/** A process that starts to produce a cache entry and never finishes: the test kills it. */
const [cache = ""] = process.argv.slice(2);
await cached(
  { cache, name: "tool", version: "1" },
  async (directory) => {
    await writeFile(join(directory, "half"), "");
    process.stdout.write("producing\n");
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  },
  () => undefined,
);
