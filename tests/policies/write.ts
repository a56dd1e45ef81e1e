import { readFile, writeFile } from "node:fs/promises";
import { pageFile, pageWith } from "./page.ts";

/** `npm run policies`: rewrites the generated parts of docs/policies.md, on purpose. */
await writeFile(pageFile, pageWith(await readFile(pageFile, "utf8")));
