import { writeFile } from "node:fs/promises";
import { desiredStates } from "./desired-state.ts";
import { goldenFile, goldenText } from "./file.ts";

/** `npm run golden`: rewrites the committed desired state, on purpose. Its diff says what a change does. */
for (const [environment, resources] of Object.entries(await desiredStates())) {
  await writeFile(goldenFile(environment), goldenText(resources));
  process.stdout.write(`${environment}: ${resources.length} resources\n`);
}
