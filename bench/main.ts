import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resetSandbox, startSandbox } from "../sandbox/daemon/lifecycle.ts";
import { platformHome } from "../sandbox/home.ts";
import { ensureToolchain } from "../toolchain/toolchain.ts";
import { requestsPerSecond } from "./emulator.ts";
import { exampleTable } from "./examples.ts";
import { type Figure, figureTable, seconds } from "./figures.ts";
import { manifestFigures } from "./manifests.ts";
import { peakMemoryMib } from "./memory.ts";
import { packCostFigures } from "./pack-cost.ts";
import { platform, running } from "./platform.ts";
import { measurePrometheus } from "./prometheus.ts";

/**
 * `npm run bench`, or `npm run bench -- policies` for a part of it: how long the usual things take and how much memory
 * they need, against a sandbox of its own. A report, not a test: it fails only when something could not be measured.
 */
const say = (line: string) => void process.stderr.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), "whisper-bench-"));
process.env.PLATFORM_HOME = folder;
const home = platformHome();
const figures: Figure[] = [];

const parts = {
  staging: measureStaging,
  production: measureProduction,
  emulator: measureEmulator,
  prometheus: measureRules,
  policies: measurePolicies,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  say(`There is no ${unknown.join(", ")} to measure: the parts are ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}

try {
  await ensureToolchain({ onProgress: say });
  for (const [name, measure] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) await measure();
  }
} finally {
  await resetSandbox(home);
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(`${figureTable(figures)}\n`);

async function measureStaging(): Promise<void> {
  const fromNothing: number[] = [];
  for (let run = 1; run <= 3; run += 1) {
    say(`staging from nothing, run ${run} of 3`);
    await resetSandbox(home);
    fromNothing.push(...(await seconds(1, () => platform(folder, "up", "staging", "--sandbox", "--yes"))));
  }
  figures.push({ name: "staging up from nothing", unit: "s", samples: fromNothing, beside: "45 s wanted" });
  say("staging again, without changes");
  const again = await seconds(5, () => platform(folder, "up", "staging", "--sandbox", "--yes"));
  figures.push({ name: "staging up, no changes", unit: "s", samples: again, beside: "10 s wanted" });
}

async function measureProduction(): Promise<void> {
  say("preview of production");
  const whole = await seconds(5, () => platform(folder, "preview", "production", "--sandbox"));
  figures.push({
    name: "production preview, whole command",
    unit: "s",
    samples: whole,
    beside: "8 s wanted",
  });
  say("production beside staging");
  const { daemon } = await startSandbox(home);
  const peaks: number[] = [];
  // The first run makes it all, the others find it made.
  for (let run = 1; run <= 3; run += 1) {
    const up = () => platform(folder, "up", "production", "--sandbox", "--yes");
    peaks.push(await peakMemoryMib(() => [daemon.pid, ...running], up));
  }
  figures.push({
    name: "memory, both up, one command running (PSS)",
    unit: "MiB",
    samples: peaks,
    beside: "2048 MiB",
  });
}

async function measureEmulator(): Promise<void> {
  const record = await startSandbox(home);
  for (const path of ["/v2/account", "/v2/droplets?per_page=200"]) {
    say(`requests per second on ${path}`);
    const samples = await requestsPerSecond(record, path);
    figures.push({
      name: `emulator, GET ${path}`,
      unit: "1/s",
      samples,
      beside: "DigitalOcean: 5,000 an hour",
    });
  }
}

/** Prometheus with so many series that its memory and its rules are what counts; the last half of the time, when it has settled. */
async function measureRules(): Promise<void> {
  for (const series of [100_000, 200_000]) {
    say(`Prometheus with ${series} series, for five minutes`);
    const load = await measurePrometheus("prometheus", series, 5);
    const settled = (samples: readonly number[]) => samples.slice(samples.length / 2);
    const per100k = settled(load.memoryMib).map((mib) => (mib * 100_000) / load.series);
    figures.push({
      name: `Prometheus, memory per 100,000 of ${load.series} series`,
      unit: "MiB",
      samples: per100k,
      beside: "781 MiB are reckoned with",
    });
    const shares = settled(load.evaluationSeconds).map((taken) => (100 * taken) / load.intervalSeconds);
    figures.push({
      name: `  its rules' share of their interval`,
      unit: "%",
      samples: shares,
      beside: "10 % wanted",
    });
  }
}

/** What the policies find in the labelled examples, what they cost a preview, and how long they take for manifests. */
async function measurePolicies(): Promise<void> {
  say("the labelled examples");
  process.stdout.write(`${await exampleTable()}\n`);
  say("what the policies cost a preview");
  figures.push(...(await packCostFigures()));
  figures.push(...(await manifestFigures(folder, say)));
}
