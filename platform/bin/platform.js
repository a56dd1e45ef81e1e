#!/usr/bin/env node
// Plain JavaScript, and old JavaScript at that: it must say something sensible under a Node that is too old.
import { fileURLToPath } from "node:url";

var oldest = { major: 20, minor: 19 };
var parts = process.versions.node.split(".");
var major = Number(parts[0]);

if (major < oldest.major || (major === oldest.major && Number(parts[1]) < oldest.minor)) {
  process.stderr.write(
    `platform needs Node ${oldest.major}.${oldest.minor} or newer, and this is ${process.versions.node}. See .nvmrc.\n`,
  );
  process.exit(2);
}

import("../engine/deferred-packages.cjs")
  .then(() => import("../../toolchain/bundle.js"))
  .then(({ importProgram }) => importProgram(fileURLToPath(new URL("../main.ts", import.meta.url))))
  .catch((error) => {
    process.stderr.write(
      /MODULE_NOT_FOUND$/.test(error.code)
        ? `${error.message.split("\n")[0]}\nIs everything installed? Run "npm ci" in the checkout.\n`
        : `${error.stack}\n`,
    );
    process.exit(1);
  });
