import { readFile, writeFile } from "node:fs/promises";
import { pageFile, pageWith } from "./page.ts";

/** `npm run network`: rewrites the generated parts of docs/network.md, on purpose. */
await writeFile(pageFile, pageWith(await readFile(pageFile, "utf8")));
