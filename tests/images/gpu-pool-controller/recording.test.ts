import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordingError, readRecording, recordingHeader } from "./recording.ts";

const recording = (...lines: string[]) => [recordingHeader, ...lines, ""].join("\n");

describe("a recorded load", () => {
  it("is read in the order in which jobs came, whatever that in which they ended, from its first midnight on", () => {
    const text = recording(
      "2026-11-22T09:00:07.500Z,48",
      "2026-11-22T09:30:00+01:00,312.5",
      "2026-11-23T00:00:01Z,1",
    );
    expect(readRecording(text)).toEqual([
      { atSeconds: 8.5 * 3600, seconds: 312.5 },
      { atSeconds: 9 * 3600 + 7.5, seconds: 48 },
      { atSeconds: 86_401, seconds: 1 },
    ]);
    expect(readRecording(text.replaceAll("\n", "\r\n"))).toEqual(readRecording(text));
  });

  it("that was a trial begins with its first job, and its seconds stand for more", () => {
    const text = recording("2026-11-22T09:00:10Z,5", "2026-11-22T09:00:00Z,2");
    expect(readRecording(text, 60)).toEqual([
      { atSeconds: 0, seconds: 120 },
      { atSeconds: 600, seconds: 300 },
    ]);
  });

  it.each([
    ["nothing", "", 'Line 1 is "".'],
    ["another header", "at,seconds\n", 'Line 1 is "at,seconds". Write published_at,worked_seconds'],
    ["no job", `${recordingHeader}\n`, "There is no job in it"],
  ])("is refused with %s", (_, text, message) => {
    expect(() => readRecording(text)).toThrow(RecordingError);
    expect(() => readRecording(text)).toThrow(message);
  });

  const sound = "2026-11-22T14:03:07Z,312.5";
  it.each([
    "",
    "2026-11-22T14:03:07Z",
    "2026-11-22T14:03:07Z,",
    "2026-11-22T14:03:07Z,0",
    "2026-11-22T14:03:07Z,-1",
    "2026-11-22T14:03:07Z,soon",
    "2026-11-22T14:03:07Z,Infinity",
    "2026-11-22T14:03:07Z,1,2",
    "2026-11-22T14:03:07,1",
    "2026-02-30T14:03:07Z,1",
    "22.11.2026 14:03,1",
    "1795356187,1",
  ])("is refused with the line %j, by its number and with what it should be", (line) => {
    expect(() => readRecording(recording(sound, line, sound))).toThrow(
      `Line 3 is "${line}".\nWrite a moment and the seconds above 0`,
    );
  });

  it("is told all that is wrong with it, up to ten lines", () => {
    expect(() => readRecording(recording("a", sound, "b"))).toThrow(/Line 2 is "a"\.\nLine 4 is "b"\./);
    const foreign = Array.from({ length: 25 }, () => "x");
    expect(() => readRecording(recording(...foreign))).toThrow(/Line 11 is "x"\.\nSo are 15 more\./);
  });

  it("has no job that begins before the first or takes no time", () => {
    const line = fc.record({
      at: fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
      seconds: fc.integer({ min: 1, max: 100_000 }).map((hundredths) => hundredths / 100),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = recording(...lines.map(({ at, seconds }) => `${at.toISOString()},${seconds}`));
        const jobs = readRecording(text);
        expect(jobs.map(({ seconds }) => seconds).toSorted()).toEqual(
          lines.map(({ seconds }) => seconds).toSorted(),
        );
        const [first] = jobs;
        expect(first?.atSeconds).toBeGreaterThanOrEqual(0);
        expect(first?.atSeconds).toBeLessThan(86_400);
        const gaps = jobs.slice(1).map((job, index) => job.atSeconds - (jobs[index]?.atSeconds ?? 0));
        expect(gaps.every((gap) => gap >= 0)).toBe(true);
      }),
    );
  });
});
