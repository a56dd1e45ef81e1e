import { type Command, Option } from "commander";
import type { ExitStatus } from "../exit.ts";
import { createOutput, type Output } from "../report/output.ts";
import type { SandboxExpireOptions } from "../verbs/sandbox/expire.ts";
import type { FaultsSetOptions } from "../verbs/sandbox/faults.ts";
import type { KubeconfigOptions } from "../verbs/sandbox/kubeconfig.ts";
import type { SandboxStartOptions } from "../verbs/sandbox/start.ts";
import { addExamples, numberBetween, type SetStatus } from "./helpers.ts";

interface JsonFlag {
  readonly json?: boolean;
}

type Action<Flags> = (flags: Flags, output: Output, argument: string) => Promise<ExitStatus>;

const port = numberBetween(1, 65_535);
const milliseconds = numberBetween(0, 600_000);
const count = numberBetween(0, Number.MAX_SAFE_INTEGER);

/** Adds `platform sandbox ...`. */
export function addSandboxCommands(parent: Command, setStatus: SetStatus): void {
  const sandbox = parent
    .command("sandbox")
    .summary("DigitalOcean in a box: start it, look into it, make it fail")
    .description(
      "DigitalOcean in a box, on this machine: an API, Spaces, and real Kubernetes control planes.",
    );

  /** A verb that takes `--json`, and at most one argument. */
  const verb = <Flags extends JsonFlag>(
    of: Command,
    name: string,
    description: string,
    examples: readonly string[],
    action: Action<Flags>,
    argument?: readonly [name: string, description: string],
  ): Command => {
    const command = of.command(name).summary(summaryOf(description)).description(description);
    if (argument !== undefined) command.argument(...argument);
    return addExamples(command, examples)
      .option("--json", "print the result as JSON on standard output")
      .action(async (...given: unknown[]) => {
        const value = argument === undefined ? "" : String(given[0]);
        const flags = command.opts<Flags>();
        setStatus(await action(flags, createOutput(flags.json ?? false), value));
      });
  };

  verb<SandboxStartOptions & JsonFlag>(
    sandbox,
    "start",
    "Start the sandbox, and wait until it is ready.",
    ["npx platform sandbox start", "npx platform sandbox start --port 8090 --latency-ms 0"],
    async (flags, output) => (await import("../verbs/sandbox/start.ts")).runSandboxStart(flags, output),
  )
    .option(
      "--port <port>",
      "port of the API; it is kept from then on (default: the one it had, or a free one)",
      port,
    )
    .option(
      "--latency-ms <ms>",
      "how long new things take until they are ready (default: 300)",
      milliseconds,
    );
  verb(
    sandbox,
    "stop",
    "Stop the sandbox; what it keeps stays on disk.",
    ["npx platform sandbox stop"],
    async (_flags, output) => (await import("../verbs/sandbox/stop.ts")).runSandboxStop(output),
  );
  verb(
    sandbox,
    "status",
    "Tell whether the sandbox runs, where, and what runs in it.",
    ["npx platform sandbox status --json"],
    async (_flags, output) => (await import("../verbs/sandbox/status.ts")).runSandboxStatus(output),
  );
  verb(
    sandbox,
    "reset",
    "Stop the sandbox and forget everything in it, its ports and the state of what was deployed into it.",
    ["npx platform sandbox reset"],
    async (_flags, output) => (await import("../verbs/sandbox/reset.ts")).runSandboxReset(output),
  );
  verb(
    sandbox,
    "inventory",
    "List what exists in the emulated cloud; {} as JSON when nothing does.",
    ["npx platform sandbox inventory --json"],
    async (_flags, output) => (await import("../verbs/sandbox/inventory.ts")).runSandboxInventory(output),
  );
  verb(
    sandbox,
    "env",
    "Print the exports with which any client reaches the running sandbox.",
    [
      'eval "$(npx platform sandbox env)" && pulumi stack --stack staging',
      'eval "$(npx platform sandbox env)" && aws s3 ls',
    ],
    async (_flags, output) => (await import("../verbs/sandbox/env.ts")).runSandboxEnv(output),
  );
  verb<KubeconfigOptions & JsonFlag>(
    sandbox,
    "kubeconfig",
    "Print the kubeconfig of an environment's cluster, for kubectl.\nThe API server is a real one; no container runs, so kubectl logs, exec and port-forward have nothing to reach.",
    [
      "npx platform sandbox kubeconfig staging --output staging.kubeconfig",
      "kubectl --kubeconfig staging.kubeconfig get pods -A",
    ],
    async (flags, output, environment) =>
      (await import("../verbs/sandbox/kubeconfig.ts")).runSandboxKubeconfig(environment, flags, output),
    ["<environment>", "staging or production"],
  ).option("--output <file>", "write it into this file, with mode 0600");

  verb<SandboxExpireOptions & JsonFlag>(
    sandbox,
    "expire",
    "Let the buckets' lifecycle rules act as the nights of the next days would.\nIt changes the buckets, not the clock: an object written afterwards is as old as it really is.",
    ["npx platform sandbox expire --days 31"],
    async ({ days }, output) =>
      (await import("../verbs/sandbox/expire.ts")).runSandboxExpire({ days }, output),
  ).requiredOption("--days <count>", "how many days ahead, 0 to 36500", numberBetween(0, 36_500));

  const faults = sandbox
    .command("faults")
    .summary("make requests go wrong on purpose")
    .description(
      "Makes requests to the emulated cloud go wrong on purpose, in a sequence that a seed decides.",
    );
  verb<FaultsSetOptions & JsonFlag>(
    faults,
    "set",
    "Replace the plan of faults by one rule, or by a whole plan from a file.",
    [
      "npx platform sandbox faults set --rate 0.2 --status 503 --seed 7",
      "npx platform sandbox faults set --drop after --method POST --path '/v2/droplets' --times 1",
      "npx platform sandbox faults set --file plan.json",
    ],
    async ({ json: _json, ...flags }, output) =>
      (await import("../verbs/sandbox/faults.ts")).runFaultsSet(flags, output),
  )
    .option(
      "--rate <share>",
      "share of the matching requests that go wrong, 0 to 1",
      numberBetween(0, 1, false),
    )
    .option("--status <code>", "answer with this status, 400 to 599", numberBetween(400, 599))
    .option("--latency-ms <ms>", "wait this long first; with --drop after, before the cut", milliseconds)
    .option("--hold", "keep the requests waiting until the faults are cleared")
    .addOption(
      new Option("--drop <moment>", "cut the connection before or after the request is carried out").choices([
        "before",
        "after",
      ]),
    )
    .option("--method <method>", "only requests with this HTTP method")
    .option("--path <pattern>", "only requests to this path; * is one segment, ** any number")
    .option("--after <count>", "let this many matching requests pass first", count)
    .option("--times <count>", "strike this many times at most", count)
    .option("--seed <number>", "what decides the sequence", numberBetween(0, 0xffff_ffff))
    .addOption(
      new Option("--file <file>", "a whole plan, as JSON with seed and rules").conflicts([
        "rate",
        "status",
        "latencyMs",
        "hold",
        "drop",
        "method",
        "path",
        "after",
        "times",
        "seed",
      ]),
    );
  verb(
    faults,
    "clear",
    "Let nothing go wrong on purpose any more.",
    ["npx platform sandbox faults clear"],
    async (_flags, output) => (await import("../verbs/sandbox/faults.ts")).runFaultsClear(output),
  );
  verb(
    faults,
    "show",
    "Show the rules, and how often each struck.",
    ["npx platform sandbox faults show --json"],
    async (_flags, output) => (await import("../verbs/sandbox/faults.ts")).runFaultsShow(output),
  );

  const record = sandbox
    .command("record")
    .summary("record requests and answers into a file")
    .description(
      "Records every request to the emulated API and to Spaces, and its answer, as a line of JSON.",
    );
  verb(
    record,
    "start",
    "Record into a file, behind what it holds already.",
    ["npx platform sandbox record start requests.jsonl"],
    async (_flags, output, file) => (await import("../verbs/sandbox/record.ts")).runRecordStart(file, output),
    ["<file>", "file of JSON lines; made with mode 0600, because answers hold credentials"],
  );
  verb(record, "stop", "Stop recording.", ["npx platform sandbox record stop"], async (_flags, output) =>
    (await import("../verbs/sandbox/record.ts")).runRecordStop(output),
  );
}

/** A description's first sentence as the lists of commands have it: `start the sandbox, and wait until it is ready`. */
function summaryOf(description: string): string {
  const [first = ""] = description.split("\n");
  return `${first.charAt(0).toLowerCase()}${first.slice(1).replace(/\.$/, "")}`;
}
