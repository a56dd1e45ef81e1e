import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { dropletSizes } from "../../../catalog/sizes.ts";
import { elastic, figuresTable, jobsPerHour, outcomesOf, pageFile, pageWith, poolsOf } from "./figures.ts";
import { RecordingError, readRecording } from "./recording.ts";

/**
 * `npm run gpu-figures`: writes what the simulation comes to into docs/gpu-pool.md. With the file of a recorded load it
 * prints the table of that one, and writes nothing.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", default: "gpu-l40sx1-48gb" },
    floor: { type: "string", default: String(elastic.floor) },
    ceiling: { type: "string", default: String(elastic.ceiling) },
    budget: { type: "string", default: String(elastic.budgetUsdPerDay) },
  },
});

/** Ends with what is wrong, without a stack trace. */
function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

function wholeNumber(option: "floor" | "ceiling" | "budget"): number {
  const number = Number(values[option]);
  return Number.isInteger(number) && number > 0
    ? number
    : refuse(`--${option} is "${values[option]}". Give a whole number above 0.`);
}

function table(file: string): string {
  const gpuSizes = dropletSizes.filter(({ gpu }) => gpu);
  const size = gpuSizes.find(({ slug }) => slug === values.size);
  if (size === undefined) {
    const choices = gpuSizes.map(({ slug }) => slug).join(", ");
    return refuse(`--size is "${values.size}", which is no size with a GPU. Use one of ${choices}.`);
  }
  const [floor, ceiling] = [wholeNumber("floor"), wholeNumber("ceiling")];
  if (floor > ceiling) return refuse(`--floor is ${floor}, above --ceiling ${ceiling}.`);
  const jobs = readRecording(readFileSync(file, "utf8"));
  const rules = {
    ...elastic,
    floor,
    ceiling,
    budgetUsdPerDay: wholeNumber("budget"),
    memberUsdPerHour: size.hourlyUsd,
    jobsPerMemberHour: jobsPerHour(jobs),
  };
  const counts = Array.from({ length: ceiling - floor + 1 }, (_, index) => floor + index);
  return [
    `${jobs.length} jobs; in the mean a droplet finishes ${rules.jobsPerMemberHour} in an hour: jobsPerDropletHour.`,
    "",
    figuresTable({ [file]: outcomesOf({ jobs, pools: poolsOf(rules, counts) }) }),
    "",
  ].join("\n");
}

const [file] = positionals;
if (file === undefined) writeFileSync(pageFile, pageWith(readFileSync(pageFile, "utf8")));
else {
  try {
    process.stdout.write(table(file));
  } catch (error) {
    if (error instanceof RecordingError) refuse(`${file}:\n${error.message}`);
    if (error instanceof Error && "code" in error) refuse(`${file} cannot be read: ${error.message}`);
    throw error;
  }
}
