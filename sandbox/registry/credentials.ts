import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Collection, Store } from "../store/store.ts";

/** What somebody may do in registries. */
export interface Grant {
  /** The one registry they are for; undefined for all of the account's. */
  readonly registry?: string;
  readonly readWrite: boolean;
}

/** Credentials that the API has handed out, without the token itself. */
interface Credential extends Grant {
  /** Of the token. */
  readonly hash: string;
  /** Milliseconds since the epoch; undefined for no end. */
  readonly expiresAtMs?: number;
}

/** A bearer token for the registry, and what it is good for. */
interface BearerToken {
  /** The token that it was asked for with: when that counts no longer, neither does this. */
  readonly holder: string;
  readonly scopes: readonly Scope[];
  readonly expiresAtMs: number;
}

/** Actions on one repository, by the name under which clients address it: `registry/repository`. */
export interface Scope {
  readonly name: string;
  readonly actions: readonly string[];
}

/** How long a bearer token counts. */
export const bearerSeconds = 300;

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Who may reach the registries: with credentials of the API, or with the account's own token. */
export class RegistryCredentials {
  readonly #credentials: Collection<Credential>;
  readonly #accountToken: string;
  readonly #now: () => number;
  /** Not kept over a restart: clients ask for another. */
  readonly #bearers = new Map<string, BearerToken>();

  constructor(store: Store, accountToken: string, now: () => number) {
    this.#credentials = store.collection("registry_credentials");
    this.#accountToken = hashOf(accountToken);
    this.#now = now;
  }

  /** Hands out a token that is user name and password in one. @param expirySeconds 0 for no end */
  issue(grant: Grant, expirySeconds: number): string {
    const token = `dop_v1_${randomBytes(32).toString("hex")}`;
    const end = expirySeconds === 0 ? {} : { expiresAtMs: this.#now() + expirySeconds * 1000 };
    const hash = hashOf(token);
    this.#credentials.put(hash, { hash, ...grant, ...end });
    return token;
  }

  /** Takes back what is for a registry that is gone; with the account's last one, everything. */
  forget(registry: string, isLast: boolean): void {
    for (const credential of this.#credentials.list()) {
      if (isLast || credential.registry === registry) this.#credentials.delete(credential.hash);
    }
  }

  /** What a user name and password allow; undefined where they count for nothing. */
  check(user: string, password: string): Grant | undefined {
    return user === password ? this.#grantOf(hashOf(password)) : undefined;
  }

  /** Makes a bearer token that allows this much. */
  bearer(password: string, scopes: readonly Scope[]): string {
    const now = this.#now();
    for (const [old, { expiresAtMs }] of this.#bearers) if (expiresAtMs <= now) this.#bearers.delete(old);
    const token = randomBytes(32).toString("base64url");
    this.#bearers.set(token, { holder: hashOf(password), scopes, expiresAtMs: now + bearerSeconds * 1000 });
    return token;
  }

  /** What a bearer token allows; undefined where it counts for nothing. */
  scopesOf(token: string): readonly Scope[] | undefined {
    const bearer = this.#bearers.get(token);
    if (bearer === undefined || bearer.expiresAtMs <= this.#now()) return undefined;
    return this.#grantOf(bearer.holder) && bearer.scopes;
  }

  #grantOf(hash: string): Grant | undefined {
    if (timingSafeEqual(Buffer.from(hash), Buffer.from(this.#accountToken))) return { readWrite: true };
    const credential = this.#credentials.get(hash);
    const expired = credential?.expiresAtMs !== undefined && credential.expiresAtMs <= this.#now();
    return expired ? undefined : credential;
  }
}
