import { z } from "zod";
import type { Job } from "./simulation.ts";

/** What the first line of a recording says of its columns. */
export const recordingHeader = "published_at,worked_seconds";

const moment = z.iso.datetime({ offset: true });
const duration = z.coerce.number().positive();

/** A recording that cannot be replayed; names every line that is wrong. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** How much of what is wrong is told: of a file in another format, all of it is. */
const toldAtMost = 10;

/**
 * Reads a recorded load: CSV with a line for each job, when it was put into the queue (ISO 8601 with its offset, or `Z`) and
 * how many seconds a worker had it. Lines may come in any order, as jobs end.
 *
 * @param secondsPerSecond How many seconds one of the recording stands for: that of a trial, made fast, may stand for minutes.
 * @returns The jobs in the order in which they came, counted from the midnight (UTC) before the first; those of a trial from
 *   the first.
 * @throws RecordingError
 */
export function readRecording(text: string, secondsPerSecond = 1): Job[] {
  const [header, ...lines] = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (header !== recordingHeader)
    throw new RecordingError(
      `Line 1 is "${header}". Write ${recordingHeader}, and below it a line for each job.`,
    );
  if (lines.length === 0)
    throw new RecordingError("There is no job in it: a line for each belongs below the first.");
  const wrong: string[] = [];
  const jobs = lines.flatMap((line, index) => {
    const [publishedAt, worked, ...more] = line.split(",");
    const at = moment.safeParse(publishedAt);
    const seconds = duration.safeParse(worked === "" ? undefined : worked);
    if (at.success && seconds.success && more.length === 0)
      return [{ atMs: Date.parse(at.data), seconds: seconds.data }];
    wrong.push(`Line ${index + 2} is "${line}".`);
    return [];
  });
  if (wrong.length > 0) {
    const more = wrong.length > toldAtMost ? [`So are ${wrong.length - toldAtMost} more.`] : [];
    throw new RecordingError(
      [
        ...wrong.slice(0, toldAtMost),
        ...more,
        "Write a moment and the seconds above 0, as in 2026-11-22T14:03:07Z,312.5",
      ].join("\n"),
    );
  }
  const firstMs = Math.min(...jobs.map(({ atMs }) => atMs));
  const beginMs = secondsPerSecond === 1 ? Math.floor(firstMs / dayMs) * dayMs : firstMs;
  return jobs
    .map(({ atMs, seconds }) => ({
      atSeconds: ((atMs - beginMs) / 1000) * secondsPerSecond,
      seconds: seconds * secondsPerSecond,
    }))
    .sort((one, other) => one.atSeconds - other.atSeconds);
}

const dayMs = 86_400_000;
