import type { Job } from "./simulation.ts";

/** A kind of day: how many jobs come in each hour. */
type Hours = (hour: number) => number;

const officeHours: Hours = (hour) => (hour >= 8 && hour < 18 ? 20 : 1);

/** Days that a pool is measured on. None is a recording: the platform has not carried a product yet. */
export const days: Readonly<Record<string, Hours>> = {
  "steady, 8 jobs an hour": () => 8,
  "office hours, 20 jobs an hour from 8 to 18, else 1": officeHours,
  "office hours, and 60 jobs at once at 14": (hour) => officeHours(hour) + (hour === 14 ? 60 : 0),
  "quiet, 6 jobs a day": (hour) => (hour % 4 === 0 ? 1 : 0),
};

/** Three days of a kind: the same each time they are asked for. Jobs take 1 to 9 minutes, 5 in the mean. */
export function jobsOf(hours: Hours): Job[] {
  const random = generator(20_261_121);
  return Array.from({ length: 72 }, (_, hour) => {
    const burst = hours(hour % 24) > 40;
    return Array.from({ length: hours(hour % 24) }, () => ({
      atSeconds: hour * 3600 + Math.floor(random() * (burst ? 60 : 3600)),
      seconds: 60 + Math.floor(random() * 480),
    }));
  })
    .flat()
    .sort((one, other) => one.atSeconds - other.atSeconds);
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
