import { z } from "zod";

/** The commands of Valkey that reading a queue takes. */
export interface QueueCommands {
  llen(key: string): Promise<number>;
  lindex(key: string, index: number): Promise<string | null>;
  hvals(key: string): Promise<string[]>;
}

/** A queue of Celery's at one moment. */
export interface QueueState {
  /** Jobs that no worker has taken. */
  readonly waiting: number;
  /** Jobs that a worker has taken and not acknowledged. */
  readonly inFlight: number;
  /** Age of the oldest waiting job: what its message says, or for how long it has been seen to be the next. */
  readonly oldestWaitingSeconds: number;
}

/** Kombu keeps jobs of each of its four priorities in a list of their own; those of priority 0 under the plain name. */
const priorityEnds = ["", "\u0006\u00163", "\u0006\u00166", "\u0006\u00169"];

/** Messages of Celery's protocol 2 bear no time: applications add it as a header, in seconds since 1970. */
const message = z.object({
  headers: z.object({ id: z.string(), published_at: z.coerce.number().optional().catch(undefined) }),
});

/** What kombu keeps of a message that was delivered: itself, its exchange and its routing key. */
const delivered = z.tuple([z.unknown(), z.string().nullable(), z.string()]);

/** Reads one queue of Celery's, as kombu keeps it in Redis or Valkey. */
export class QueueReader {
  readonly #commands: QueueCommands;
  readonly #queue: string;
  /** The next job of each list, and when it was first seen to be that. */
  readonly #firstSeen = new Map<string, { id: string; atMs: number }>();

  constructor(commands: QueueCommands, queue: string) {
    this.#commands = commands;
    this.#queue = queue;
  }

  async read(nowMs: number): Promise<QueueState> {
    const lists = priorityEnds.map((end) => `${this.#queue}${end}`);
    const [lengths, nexts, unacknowledged] = await Promise.all([
      Promise.all(lists.map((list) => this.#commands.llen(list))),
      // Kombu puts new ones before the first and takes from behind the last.
      Promise.all(lists.map((list) => this.#commands.lindex(list, -1))),
      this.#commands.hvals("unacked"),
    ]);
    const ages = nexts.map((next, index) => this.#ageMs(lists[index] ?? "", next, nowMs));
    return {
      waiting: lengths.reduce((sum, length) => sum + length, 0),
      inFlight: unacknowledged.filter((text) => this.#isOurs(text)).length,
      oldestWaitingSeconds: Math.max(0, ...ages) / 1000,
    };
  }

  #ageMs(list: string, text: string | null, nowMs: number): number {
    if (text === null) {
      this.#firstSeen.delete(list);
      return 0;
    }
    const read = message.safeParse(parsed(text));
    // What is no message of Celery's is known by itself.
    const id = read.success ? read.data.headers.id : text;
    const known = this.#firstSeen.get(list);
    const seen = known?.id === id ? known : { id, atMs: nowMs };
    this.#firstSeen.set(list, seen);
    const publishedMs = read.success ? (read.data.headers.published_at ?? Number.NaN) * 1000 : Number.NaN;
    return Number.isNaN(publishedMs) ? nowMs - seen.atMs : Math.max(0, nowMs - publishedMs);
  }

  /** Other queues of the same broker share the list of what is in hand. */
  #isOurs(text: string): boolean {
    const read = delivered.safeParse(parsed(text));
    return read.success && read.data[2] === this.#queue;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
