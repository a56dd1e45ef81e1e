#!/usr/bin/env node
// Plain JavaScript, and old JavaScript at that: it must say something sensible under a Node that is too old.
var oldest = [20, 19];
var version = process.versions.node.split(".").map(Number);

if (version[0] < oldest[0] || (version[0] === oldest[0] && version[1] < oldest[1])) {
  process.stderr.write(
    `platform needs Node ${oldest.join(".")} or newer, and this is ${process.versions.node}. See .nvmrc.\n`,
  );
  process.exit(2);
}

import("../engine/deferred-packages.cjs")
  .then(() => import("tsx/esm/api"))
  .then((tsx) => {
    tsx.register();
    return import("../main.ts");
  })
  .catch((error) => {
    process.stderr.write(
      error.code === "ERR_MODULE_NOT_FOUND"
        ? `${error.message}\nIs everything installed? Run "npm ci" in the checkout.\n`
        : `${error.stack}\n`,
    );
    process.exit(1);
  });
