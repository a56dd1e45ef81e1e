import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { type PlatformHome, platformHome } from "../sandbox/home.ts";
import { ensureEngine } from "../toolchain/engine.ts";
import { runEngine } from "./engine/command.ts";
import { writeProject } from "./engine/workspace.ts";
import { requireLogin } from "./environment/backend.ts";
import { requireCloud } from "./environment/cloud.ts";
import { openProject } from "./environment/project.ts";
import { stateUrl } from "./environment/sandbox-env.ts";
import { readEnvironment } from "./environment/settings.ts";
import { parseState, type StackState } from "./repair/state.ts";
import type { Output } from "./report/output.ts";
import { understandable } from "./understandable.ts";

const historySchema = z.array(z.looseObject({ kind: z.string(), result: z.string(), endTime: z.string() }));

/** What Pulumi has recorded of an environment. */
export interface Recorded {
  readonly home: PlatformHome;
  /** Empty when nothing was deployed yet. */
  readonly state: StackState;
  /** The last operation that was carried out, if any. */
  readonly lastUpdate: z.infer<typeof historySchema>[number] | undefined;
}

/**
 * Reads what is recorded of an environment, beside whatever is at work on it: takes no lock, makes no stack, needs no
 * passphrase, and leaves no file.
 *
 * @param sandbox Of the sandbox's stack, which need not run; else of DigitalOcean's.
 * @throws PlatformError when there is no such environment, or its record cannot be read.
 */
export async function readRecorded(environment: string, sandbox: boolean, output: Output): Promise<Recorded> {
  const home = platformHome();
  const project = openProject();
  await readEnvironment(project, environment);
  const nothing: Recorded = { home, state: {}, lastUpdate: undefined };
  if (sandbox && !existsSync(home.state)) return nothing;
  if (!sandbox) {
    requireCloud(process.env, home);
    requireLogin(project.settings, process.env);
  }
  const engine = await ensureEngine({ onProgress: output.say });
  const scratch = mkdtempSync(join(tmpdir(), "whisper-platform-status-"));
  const never = new AbortController().signal;
  const ask = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await runEngine(
      {
        engine,
        outputFolder: join(scratch, "output"),
        onStart: () => undefined,
        onProgramFailure: () => undefined,
        interrupt: never,
        kill: never,
      },
      [...args, "--stack", environment],
      scratch,
      sandbox ? { PULUMI_BACKEND_URL: stateUrl(home) } : {},
    );
    return JSON.parse(stdout);
  };
  try {
    writeProject(scratch, project);
    const { deployment } = z.object({ deployment: z.unknown() }).parse(await ask("stack", "export"));
    const [lastUpdate] = historySchema.parse(
      (await ask("stack", "history", "--json", "--page-size", "1", "--page", "1")) ?? [],
    );
    return { home, state: parseState(deployment), lastUpdate };
  } catch (error) {
    if (error instanceof StackNotFoundError) return nothing;
    throw understandable(error, { environment, home });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
