import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { checkout } from "../sandbox/home.ts";

const folder = mkdtempSync(join(tmpdir(), "platform-arrows-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }) }),
  ),
});

/** The table of rooms in docs/architecture.md: what each may import. */
function documentedArrows(): Map<string, readonly string[]> {
  const text = readFileSync(join(checkout, "docs/architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\| `([a-z]+)\/(?:<name>\/)?` \|.*\| ([a-z, ]+) \|$/gm)];
  return new Map(
    rows.map(([, room = "", imports = ""]) => [
      room,
      imports.split(", ").filter((word) => word !== "nothing"),
    ]),
  );
}

it("the linter refuses exactly the imports that the documented arrows leave out", async () => {
  const arrows = documentedArrows();
  const rooms = [...arrows.keys()];
  expect(rooms).toEqual(expect.arrayContaining(["infra", "stacks", "components", "catalog", "policies"]));
  expect(rooms).toEqual(expect.arrayContaining(["platform", "sandbox", "toolchain", "bench", "tests"]));
  cpSync(join(checkout, "biome.json"), join(folder, "biome.json"));
  for (const room of rooms) {
    mkdirSync(join(folder, room, "deeper"), { recursive: true });
    const imports = rooms.map((other) => (other === room ? "" : `import "../../${other}/deeper/probe.ts";`));
    writeFileSync(join(folder, room, "deeper", "probe.ts"), `${imports.join("\n")}\n`);
  }
  const { stdout } = await execa(
    join(checkout, "node_modules/.bin/biome"),
    [
      "lint",
      "--only=style/noRestrictedImports",
      "--reporter=json",
      "--max-diagnostics=none",
      "--vcs-enabled=false",
      ".",
    ],
    { cwd: folder, reject: false },
  );
  const refused = reportSchema
    .parse(JSON.parse(stdout))
    .diagnostics.map(({ location }) => `${location.path.split("/")[0]} -> ${rooms[location.start.line - 1]}`);
  const expected = rooms.flatMap((room) => {
    const allowed = arrows.get(room) ?? [];
    return allowed.includes("everything")
      ? []
      : rooms
          .filter((other) => other !== room && !allowed.includes(other))
          .map((other) => `${room} -> ${other}`);
  });
  expect(refused.sort()).toEqual(expected.sort());
});
