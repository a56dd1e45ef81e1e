import { readFileSync } from "node:fs";
import type { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { createCommand } from "../../platform/cli/command.ts";

/** Every command below one, itself included. */
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];

/** What the command line answers without running a verb. */
async function answer(...args: string[]): Promise<{ said: string; status: number | undefined }> {
  let said = "";
  const write = (text: string) => {
    said += text;
  };
  const root = createCommand(() => undefined);
  for (const command of all(root)) command.configureOutput({ writeOut: write, writeErr: write });
  const status = await root.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (error: CommanderError) => error.exitCode,
  );
  return { said, status };
}

describe("the command line", () => {
  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await answer("--version")).toEqual({ said: `${version}\n`, status: 0 });
  });

  it("refuses two forms of one result", async () => {
    const { said, status } = await answer("preview", "staging", "--sandbox", "--json", "--markdown");
    expect(said).toMatch(/'--markdown' cannot be used with option '--json'/);
    expect(status).toBe(1);
  });

  it("lists every command in one style", () => {
    const commands = all(createCommand(() => undefined)).slice(1);
    for (const command of commands) {
      expect(command.summary(), command.name()).toMatch(/^[a-z].*[^.]$|^DigitalOcean/);
      expect(command.description(), command.name()).toMatch(/^[A-Z].*\.$/s);
    }
  });
});
