import { readFileSync, writeFileSync } from "node:fs";
import { pageFile, pageWith } from "./figures.ts";

/** `npm run gpu-figures`: writes what the simulation comes to into docs/gpu-pool.md. */
writeFileSync(pageFile, pageWith(readFileSync(pageFile, "utf8")));
