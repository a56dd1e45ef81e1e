import { inspect } from "node:util";
import { SandboxError } from "../error.ts";
import { platformHome } from "../home.ts";
import { type Daemon, openDaemon } from "./daemon.ts";
import { daemonOptionsSchema, type StartMessage } from "./messages.ts";
import { tryLock } from "./process-lock.ts";

/** How long an orderly end may take; after that, what is not put away is left to the next start. */
const closeMs = 15_000;

/** The sandbox's one process. Started by `lifecycle.ts`, which it tells how far it is; ends when it is asked to. */
async function main(): Promise<void> {
  process.umask(0o077);
  const home = platformHome();
  const attempt = tryLock(home.sandboxLock);
  if ("holder" in attempt) {
    await tell({ kind: "busy", ...attempt.holder });
    process.exit(0);
  }
  let daemon: Daemon | undefined;
  const end = async () => {
    const timer = setTimeout(() => process.exit(1), closeMs);
    await daemon?.close().catch(log);
    clearTimeout(timer);
    attempt.held.release();
    process.exit(0);
  };
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => void end());
  // The terminal that started us may close.
  process.on("SIGHUP", () => undefined);
  process.on("unhandledRejection", log);

  try {
    daemon = await openDaemon({
      home,
      options: daemonOptionsSchema.parse(JSON.parse(process.env.SANDBOX_OPTIONS ?? "{}")),
      onProgress: (line) => void tell({ kind: "progress", line }),
      onError: log,
    });
  } catch (error) {
    log(error);
    await tell(
      error instanceof SandboxError
        ? { kind: "failed", message: error.message, usage: error.usage }
        : { kind: "failed", message: `The sandbox cannot start: ${inspect(error)}`, usage: false },
    );
    attempt.held.release();
    process.exit(1);
  }
  log(`ready: the API is at port ${daemon.record.ports.api}`);
  await tell({ kind: "ready" });
}

/** Who started us may have been killed meanwhile: then there is nobody to tell, and we go on all the same. */
function tell(message: StartMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

function log(what: unknown): void {
  const text = typeof what === "string" ? what : inspect(what);
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

await main();
