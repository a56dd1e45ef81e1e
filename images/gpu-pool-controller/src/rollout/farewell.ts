import type { Member } from "../delivery/membership.ts";
import type { Greeting } from "../delivery/session.ts";
import type { Visits } from "../delivery/visits.ts";
import { type Log, messageOf } from "../service.ts";

/** What a {@link Farewell} is joined to. */
interface FarewellParts {
  readonly visits: Visits;
  readonly log: Log;
  readonly now: () => number;
  readonly patienceMs: number;
}

/** States of a unit whose worker is at no job, and takes none. */
const ended = ["inactive", "failed"];

/**
 * Tells droplets that go to finish, and knows when they have. A droplet gives up its secrets, without which its worker does
 * not start again, and has the time to finish that its own systemd gives it. One that cannot be told goes as it is: its job
 * is given to another worker.
 */
export class Farewell {
  readonly #parts: FarewellParts;
  /** Since when a droplet has done nothing about it. */
  readonly #idleSinceMs = new Map<number, number>();
  /** Droplets that may go. */
  readonly #ready = new Set<number>();

  constructor(parts: FarewellParts) {
    this.#parts = parts;
  }

  /** Speaks to each droplet that goes. @returns whether all of them may */
  async round(outgoing: readonly Member[]): Promise<boolean> {
    const remaining = outgoing.filter(({ id }) => !this.#ready.has(id));
    await Promise.all(remaining.map((member) => this.#tell(member)));
    return outgoing.every(({ id }) => this.#ready.has(id));
  }

  async #tell(member: Member): Promise<void> {
    const { id, name } = member;
    const why = await this.#ask(member);
    if (why === undefined) {
      this.#letGo(id, "info", `${name} has finished`);
      return;
    }
    const nowMs = this.#parts.now();
    // What finishes does something: its own systemd says for how long it may.
    if (why === "deactivating" || !this.#idleSinceMs.has(id)) this.#idleSinceMs.set(id, nowMs);
    if (nowMs - (this.#idleSinceMs.get(id) ?? nowMs) < this.#parts.patienceMs) return;
    this.#letGo(id, "error", `${name} goes without having finished, its job to another worker: ${why}`);
  }

  /** Has the droplet give up its secrets, if it has any. @returns why it is not finished; undefined when it is */
  async #ask(member: Member): Promise<string | undefined> {
    try {
      const { holds, worker } = await this.#parts.visits.visit(member, async (said: Greeting) =>
        said.holds === null ? undefined : "drain",
      );
      return holds === null && ended.includes(worker) ? undefined : worker;
    } catch (error) {
      return messageOf(error);
    }
  }

  #letGo(id: number, level: "info" | "error", message: string): void {
    this.#ready.add(id);
    this.#parts.log(level, message, { droplet: id });
  }
}
