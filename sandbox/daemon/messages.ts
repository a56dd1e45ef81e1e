import { z } from "zod";

/** What the daemon tells the process that started it, until it is ready. */
const startMessageSchema = z.discriminatedUnion("kind", [
  /** A line for people. */
  z.object({ kind: z.literal("progress"), line: z.string() }),
  /** All servers answer; the record is written. */
  z.object({ kind: z.literal("ready") }),
  /** Another daemon has this home already, or is about to. */
  z.object({ kind: z.literal("busy"), pid: z.number(), startTime: z.string() }),
  /** It cannot start, and why. */
  z.object({ kind: z.literal("failed"), message: z.string(), usage: z.boolean() }),
]);

export type StartMessage = z.infer<typeof startMessageSchema>;

/** What arrived from the daemon. @throws z.ZodError when it is not a message of ours. */
export const parseStartMessage = (message: unknown): StartMessage => startMessageSchema.parse(message);

/** How a daemon is asked to run; travels in the environment variable `SANDBOX_OPTIONS`, as JSON. */
export const daemonOptionsSchema = z.strictObject({
  /** Port of the emulated API; by default the one it had before, at the first start one the system chooses. */
  apiPort: z.number().int().min(1).max(65_535).optional(),
  /** How long a new thing takes until it is ready; by default what it was before, at first {@link defaultLatencyMs}. */
  latencyMs: z.number().int().min(0).max(600_000).optional(),
});

export type DaemonOptions = z.infer<typeof daemonOptionsSchema>;

/** Long enough that a client sees the states in between, short enough to wait for. */
export const defaultLatencyMs = 300;
