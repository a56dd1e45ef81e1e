import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Member } from "./membership.ts";
import { type Errand, type Greeting, SessionError } from "./session.ts";

/** What a droplet that has said what it is may be asked. */
export type Decide = (greeting: Greeting) => Promise<Errand | undefined>;

/** What visits are made with. */
export interface VisitsParts {
  /** Tag that the metadata of the pool's droplets has, and nobody else's. */
  readonly mark: string;
  /** A session with a droplet, whose host key is kept in that file: `converse` of `session.ts`. */
  readonly converse: (member: Member, hostKeyFile: string, decide: Decide) => Promise<Greeting>;
  /** Folder for the host keys of droplets; nobody else writes there. */
  readonly hostKeyFolder: string;
}

/** Sessions with droplets of one pool that are believed: each by its mark, and from then on by its host key too. */
export class Visits {
  readonly #parts: VisitsParts;

  constructor(parts: VisitsParts) {
    this.#parts = parts;
  }

  /**
   * A session with a droplet. `decide` is asked once the droplet is believed.
   *
   * @throws SessionError when it cannot be spoken to, or is not believed
   */
  async visit(member: Member, decide: Decide): Promise<Greeting> {
    const known = join(this.#parts.hostKeyFolder, String(member.id));
    const isKnown = await exists(known);
    const file = isKnown ? known : `${known}.unconfirmed`;
    if (!isKnown) await rm(file, { force: true });
    return this.#parts.converse(member, file, async (said) => {
      this.#believe(member, said);
      if (!isKnown) await rename(file, known);
      return decide(said);
    });
  }

  /** Forgets the host keys of all other droplets. */
  async forgetOthersThan(ids: readonly number[]): Promise<void> {
    const { hostKeyFolder } = this.#parts;
    const files = (await readdir(hostKeyFolder)).filter((name) => !ids.includes(Number.parseInt(name, 10)));
    await Promise.all(files.map((name) => rm(join(hostKeyFolder, name))));
  }

  /** Whoever answers at a droplet's address is that droplet only if it can read what the droplet's metadata alone has. */
  #believe(member: Member, { droplet, tags }: Greeting): void {
    if (droplet !== member.id) throw new SessionError(`droplet ${droplet} answers at its address`);
    if (!tags.includes(this.#parts.mark)) throw new SessionError("it does not know the pool's mark");
  }
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );
