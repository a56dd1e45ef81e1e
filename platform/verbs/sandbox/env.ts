import { dirname } from "node:path";
import { makePrivate } from "../../../sandbox/home.ts";
import { ensureEngine } from "../../../toolchain/engine.ts";
import { pluginChoice, standIns, vendorPluginFound } from "../../engine/plugins.ts";
import {
  clientEnv,
  ensurePassphrase,
  pathExport,
  sandboxEnv,
  shellExports,
} from "../../environment/sandbox-env.ts";
import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { runningSandbox } from "./running.ts";

/** Prints the exports with which any client reaches the running sandbox: `eval "$(npx platform sandbox env)"`. */
export async function runSandboxEnv(output: Output): Promise<ExitStatus> {
  const { home, record } = runningSandbox();
  const { pulumiPath } = await ensureEngine({ onProgress: output.say });
  const builtin = standIns(pluginChoice(process.env), (provider) =>
    vendorPluginFound(provider, pulumiPath, process.env),
  );
  makePrivate(home.state);
  ensurePassphrase(home.passphrase);
  const variables = { ...sandboxEnv({ record, home, standIns: builtin }), ...clientEnv({ record }) };
  const folder = dirname(pulumiPath);
  const onPath = (process.env.PATH ?? "").split(":").includes(folder);
  output.result(
    onPath ? variables : { ...variables, PATH: `${folder}:${process.env.PATH ?? ""}` },
    // A passphrase that the shell holds for something else would win over the file's.
    ["unset PULUMI_CONFIG_PASSPHRASE", shellExports(variables), ...(onPath ? [] : [pathExport(folder)])].join(
      "\n",
    ),
  );
  return exitStatus.done;
}
