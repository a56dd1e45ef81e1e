// What the daemon's process runs: JavaScript, which gets the rest of it out of TypeScript.
import { fileURLToPath } from "node:url";
import { importProgram } from "../../toolchain/bundle.js";

await importProgram(fileURLToPath(new URL("./main.ts", import.meta.url)));
