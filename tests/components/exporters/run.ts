import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { vi } from "vitest";
import {
  type ExporterProgram,
  secretsFolder,
  settingsFolder,
} from "../../../components/exporters/exporter.ts";
import { installedProgram } from "../alertmanager/amtool.ts";
import { afternoon } from "../grafana/series.ts";
import { resolved } from "../harness.ts";
import { publishedMetrics } from "../prometheus/rules/published-metrics.ts";

/** An exporter of Debian's that runs as ours are told to. */
export interface RunningExporter {
  /** As `host:port`. */
  readonly address: string;
  /** What it tells, line by line, comments left out. */
  metrics(path?: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Not all of them tell on which port they listen when they may choose. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts Debian's build of an exporter with arguments, environment and files of ours, on a port of loopback. Arguments that
 * the older build does not know are left out, and said.
 *
 * @param change What it is told beside that: of the machine here, not of the platform.
 */
export async function runExporter(
  debianProgram: string,
  program: Pick<ExporterProgram, "arguments" | "environment" | "settings" | "secrets">,
  change: {
    readonly arguments?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<RunningExporter> {
  const folder = mkdtempSync(join(tmpdir(), "exporter-"));
  const [settings, secrets] = [join(folder, "settings"), join(folder, "secrets")];
  const here = (text: string) =>
    [text]
      .map((each) => each.replaceAll(`${secretsFolder}/`, `${secrets}/`))
      .map((each) =>
        each.replaceAll(encodeURIComponent(`${secretsFolder}/`), encodeURIComponent(`${secrets}/`)),
      )
      .map((each) => each.replaceAll(`${settingsFolder}/`, `${settings}/`))
      .join("");
  await writeAll(settings, program.settings ?? {});
  await writeAll(secrets, program.secrets ?? {});
  const environment = await Promise.all(
    Object.entries(program.environment ?? {}).map(async ([name, value]) => [
      name,
      here(await resolved(value)),
    ]),
  );
  const known = await knownArguments(debianProgram, program.arguments ?? []);
  const address = `127.0.0.1:${await freePort()}`;
  const child = execa(
    debianProgram,
    [...known.map(here), `--web.listen-address=${address}`, ...(change.arguments ?? [])],
    {
      env: { ...Object.fromEntries(environment), ...change.environment },
      reject: false,
      stdin: "ignore",
      all: true,
    },
  );
  const ended = child.then(({ all }) => {
    throw new Error(`${debianProgram} has ended:\n${all}`);
  });
  const answers = vi.waitFor(() => fetch(`http://${address}/`), { timeout: 30_000, interval: 20 });
  await Promise.race([answers, ended]);
  ended.catch(() => undefined);
  return {
    address,
    metrics: async (path = "/metrics") => {
      const text = await (await fetch(`http://${address}${path}`)).text();
      return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    },
    stop: async () => {
      child.kill("SIGTERM");
      await child;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function writeAll(folder: string, files: Required<ExporterProgram>["secrets"]): Promise<void> {
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), await resolved(text), { mode: 0o600 });
  }
}

/** Where it listens is decided here; what the older build has no word for is left out. */
async function knownArguments(program: string, given: readonly string[]): Promise<string[]> {
  const help = await execa(program, ["--help"], { reject: false, all: true });
  const isKnown = (argument: string) => {
    const word = argument.replace(/^--(no-)?/, "").replace(/=.*/s, "");
    return help.all.includes(`-${word}`) || help.all.includes(`--[no-]${word}`);
  };
  const meant = given.filter((each) => !each.startsWith("--web.listen-address"));
  for (const unknown of meant.filter((each) => !isKnown(each))) {
    process.stderr.write(`NOT TRIED: ${unknown}, which Debian's ${program} does not know\n`);
  }
  return meant.filter(isKnown);
}

/** Whether the programs are installed; those that are not are named. */
export async function areHere(...programs: string[]): Promise<boolean> {
  const missing: string[] = [];
  for (const program of programs) {
    if ((await installedProgram(program)) === undefined) missing.push(program);
  }
  if (missing.length > 0) {
    process.stderr.write(`NOT RUN: ${missing.join(", ")} not installed, so nobody sees what they tell\n`);
  }
  return missing.length === 0;
}

/** What rules ask of an exporter, and is not in what it told. */
export function untold(exporter: string, lines: readonly string[]): string[] {
  const told = new Set(lines.map((line) => line.replace(/[{ ].*/, "")));
  const asked = publishedMetrics[exporter];
  if (asked === undefined) throw new Error(`nothing is asked of an exporter called ${exporter}`);
  return asked.names.filter((name) => !told.has(name));
}

/** Labels that come with the scrape, whoever is asked. */
const ofTheScrape = ["job", "instance", "namespace", "pod", "node"];

/**
 * Labels that the series which the dashboards are tried with put on an exporter's metrics, and that are not on what it told.
 * What it did not tell at all is not judged.
 */
export function unknownLabels(exporter: string, lines: readonly string[]): string[] {
  const names = publishedMetrics[exporter]?.names ?? [];
  const judged = afternoon.filter(({ name }) => names.includes(name));
  if (judged.length === 0) throw new Error(`no dashboard is tried with anything of ${exporter}`);
  return judged.flatMap(({ name, labels }) => {
    const told = lines.filter((line) => line.replace(/[{ ].*/, "") === name);
    return Object.keys(labels)
      .filter((label) => !ofTheScrape.includes(label))
      .filter((label) => told.length > 0 && !told.some((line) => new RegExp(`[{,]${label}="`).test(line)))
      .map((label) => `${name}{${label}}`);
  });
}
