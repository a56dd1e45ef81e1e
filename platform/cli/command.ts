import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { checkout } from "../../sandbox/home.ts";
import type { ExitStatus } from "../exit.ts";
import { createOutput, type Output } from "../report/output.ts";
import type { HealthMode } from "../verbs/health.ts";
import { filesFlags } from "./files-flags.ts";
import { addExamples, numberBetween, type SetStatus } from "./helpers.ts";
import { addSandboxCommands } from "./sandbox-commands.ts";

/** Flags of a verb on an environment, as the command-line library gives them. */
interface Flags {
  readonly sandbox?: boolean;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly markdown?: boolean;
  readonly expectNoChanges?: boolean;
  readonly mode?: HealthMode;
  /** Seconds. */
  readonly interval?: number;
  readonly all?: boolean;
  readonly manifests?: string;
  readonly state?: string;
  readonly framework?: string;
  readonly sarif?: string;
  readonly junit?: string;
}

/** Flags as a verb finds them: those that answer yes or no are there, what has a value may be left out. */
type GivenFlags = Flags & Required<Pick<Flags, "sandbox" | "json" | "yes" | "markdown" | "expectNoChanges">>;

/** A verb on an environment. Its code is loaded when it is called: `--help` is to be quick. */
interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly flags?: readonly Option[];
  /** Whether it can do without one. Default: it cannot. */
  readonly environment?: "optional";
  readonly examples: readonly string[];
  /** Whether it looks at neither sandbox nor cloud, and so takes no `--sandbox`. */
  readonly placeless?: true;
  readonly run: (environment: string, flags: GivenFlags, output: Output) => Promise<ExitStatus>;
}

const yes = new Option("-y, --yes", "go on without asking");

const verbs: readonly Verb[] = [
  {
    name: "preview",
    summary: "show what an up would do, and whether it may",
    description:
      "Runs the program and the policy pack, and changes nothing.\nEnds with status 3 when the gate would refuse the change.",
    flags: [new Option("--markdown", "write the result as a comment for a pull request").conflicts("json")],
    examples: ["npx platform preview staging --sandbox", "npx platform preview production --json"],
    run: async (environment, flags, output) =>
      (await import("../verbs/preview.ts")).runPreview(environment, flags, output),
  },
  {
    name: "up",
    summary: "make an environment what the program says",
    description:
      "Repairs what a killed run left, previews, gates, asks, applies, and tells what is there.\nCan be interrupted or killed at any moment: the next run goes on.",
    flags: [yes],
    examples: ["npx platform up staging --sandbox --yes", "npx platform up production"],
    run: async (environment, flags, output) =>
      (await import("../verbs/up.ts")).runUp(environment, flags, output),
  },
  {
    name: "refresh",
    summary: "record what the cloud is",
    description: "Reads every resource from the cloud and records what it finds.",
    flags: [
      yes,
      new Option("--expect-no-changes", "record nothing, and fail when the cloud is not what the state says"),
    ],
    examples: ["npx platform refresh staging --sandbox --expect-no-changes"],
    run: async (environment, flags, output) =>
      (await import("../verbs/refresh.ts")).runRefresh(environment, flags, output),
  },
  {
    name: "destroy",
    summary: "delete everything an environment has",
    description:
      "Refused, with status 3, while one of its stores is protected: the refusal names them and says how to lift that.",
    flags: [yes],
    examples: ["npx platform destroy staging --sandbox --yes"],
    run: async (environment, flags, output) =>
      (await import("../verbs/destroy.ts")).runDestroy(environment, flags, output),
  },
  {
    name: "status",
    summary: "tell what is recorded of an environment",
    description: "Reads the state alone: resources, protected stores, outputs, and what a killed run left.",
    examples: ["npx platform status staging --sandbox", "npx platform status production --json"],
    run: async (environment, flags, output) =>
      (await import("../verbs/status.ts")).runStatus(environment, flags, output),
  },
  {
    name: "health",
    summary: "look whether an environment is well",
    description:
      "Asks addresses, databases, queue, buckets, certificates, the cluster and its monitoring, and changes nothing.\nEnds with status 1 when something is critical. What cannot be asked from here is told as not checked.",
    flags: [
      new Option(
        "--mode <mode>",
        "look once, again and again until it is interrupted, or at what the job in the cluster has found last",
      )
        .choices(["once", "scheduled", "continuous"])
        .default("once"),
      new Option(
        "--interval <seconds>",
        "how often, 5 to 3600, with --mode continuous (default: 30)",
      ).argParser(numberBetween(5, 3_600)),
    ],
    examples: [
      "npx platform health staging --sandbox",
      "npx platform health production --json",
      "npx platform health production --mode continuous --interval 30",
      "npx platform health production --mode scheduled",
    ],
    run: async (environment, { mode = "once", interval, ...flags }, output) =>
      (await import("../verbs/health.ts")).runHealth(environment, { ...flags, mode, interval }, output),
  },
  {
    name: "gate",
    summary: "judge what an up would do, or files",
    description:
      "A preview that tells the verdict of the policy pack alone; or, without engine and cloud, what the rules say of manifests or of a state. An environment's levels and exemptions count where it is named.\nEnds with status 3 when a mandatory policy is violated, or left undecided by an unknown value.",
    environment: "optional",
    flags: [
      new Option("--all", "judge every environment, and that they share no network, bucket or credential"),
      ...filesFlags(),
    ],
    examples: [
      "npx platform gate production --sandbox",
      "npx platform gate --all --sandbox",
      "npx platform gate staging --sandbox --sarif gate.sarif --junit gate.xml",
      'npx platform gate --manifests charts/rendered --framework "Pod Security Standards"',
      "npx platform gate production --state production.json",
    ],
    run: async (environment, flags, output) =>
      (await import("../verbs/gate.ts")).runGate(environment || undefined, flags, output),
  },
  {
    name: "cost",
    summary: "tell what an environment costs a month",
    description:
      "Makes the bill of what the program asks for, with dated prices and the arithmetic.\nNeeds no sandbox, no credentials and no passphrase, and changes nothing.",
    placeless: true,
    examples: ["npx platform cost production", "npx platform cost staging --json"],
    run: async (environment, _flags, output) =>
      (await import("../verbs/cost.ts")).runCost(environment, output),
  },
];

/** The command line, ready to be parsed. Mistakes throw a `CommanderError` after they have been printed. */
export function createCommand(setStatus: SetStatus): Command {
  const command = new Command("platform")
    .description(
      "Puts the transcription platform into DigitalOcean, or into DigitalOcean in a box, and keeps it there.",
    )
    .version(version(), "--version", "print the version of this checkout")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add "--help" for what can be asked)')
    .addHelpText(
      "after",
      "\nExit status: 0 done; 1 failed, interrupted, or answered with no; 2 wrong usage or configuration;\n" +
        "3 refused by policy, or to keep a protected store.\n" +
        "Environment: PLATFORM_HOME (default .platform in the checkout), PLATFORM_PLUGINS=auto|vendor|builtin.\n",
    );
  for (const verb of verbs) addVerb(command, verb, setStatus);
  addSandboxCommands(command, setStatus);
  return command;
}

function version(): string {
  const { version }: { readonly version: string } = JSON.parse(
    readFileSync(join(checkout, "package.json"), "utf8"),
  );
  return version;
}

function addVerb(parent: Command, verb: Verb, setStatus: SetStatus): void {
  const command = parent
    .command(verb.name)
    .summary(verb.summary)
    .description(`${sentence(verb.summary)}\n${verb.description}`)
    .argument(verb.environment === "optional" ? "[environment]" : "<environment>", "staging or production");
  if (verb.placeless === undefined) {
    command.option("--sandbox", "in the sandbox, which is started when it does not run");
  }
  command.option("--json", "print the result as JSON on standard output");
  for (const flag of verb.flags ?? []) command.addOption(flag);
  addExamples(command, verb.examples);
  command.action(async (environment: string | undefined, flags: Flags) => {
    const { sandbox = false, json = false, yes = false, markdown = false, expectNoChanges = false } = flags;
    setStatus(
      await verb.run(
        environment ?? "",
        { ...flags, sandbox, json, yes, markdown, expectNoChanges },
        createOutput(json),
      ),
    );
  });
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
