/** Keys of objects to look at: each once at a time, tried again with growing pauses until it works. */

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/** What became of one attempt: done, or to be looked at again without having failed. */
export type Outcome = undefined | { againAfterMs: number };

export interface WorkQueueOptions {
  /** Looks at one object. A rejection is retried. */
  reconcile: (key: string) => Promise<Outcome>;
  /** Told of every failed attempt. */
  onFailure: (key: string, error: unknown) => void;
  /** How many keys are worked on at once. Default 4. */
  concurrency?: number;
}

/** See the file's comment. */
export class WorkQueue {
  private readonly options: WorkQueueOptions;
  private readonly waiting = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly failures = new Map<string, number>();
  private closed = false;

  constructor(options: WorkQueueOptions) {
    this.options = options;
  }

  /** Asks for a look at this key, now. */
  add(key: string): void {
    if (this.closed) return;
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.waiting.add(key);
    this.work();
  }

  /** Whether nothing is waiting, running or to be tried again. */
  get isIdle(): boolean {
    return this.waiting.size + this.running.size + this.timers.size === 0;
  }

  /** Drops what waits and waits for what runs. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.clear();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    await Promise.all(this.running.values());
  }

  private work(): void {
    const concurrency = this.options.concurrency ?? 4;
    for (const key of this.waiting) {
      if (this.running.size >= concurrency) return;
      if (this.running.has(key)) continue; // Looked at again when the present look is over.
      this.waiting.delete(key);
      const run = this.attempt(key).finally(() => {
        this.running.delete(key);
        this.work();
      });
      this.running.set(key, run);
    }
  }

  private async attempt(key: string): Promise<void> {
    try {
      const outcome = await this.options.reconcile(key);
      this.failures.delete(key);
      if (outcome !== undefined) this.later(key, outcome.againAfterMs);
    } catch (error) {
      if (this.closed) return;
      this.options.onFailure(key, error);
      const failures = this.failures.get(key) ?? 0;
      this.failures.set(key, failures + 1);
      this.later(key, Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS));
    }
  }

  private later(key: string, afterMs: number): void {
    if (this.closed || this.waiting.has(key)) return;
    this.timers.set(
      key,
      setTimeout(() => this.add(key), afterMs),
    );
  }
}
