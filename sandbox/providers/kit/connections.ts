import type { Socket } from "node:net";
import type { ProviderSession } from "./provider.ts";

/** A call that is being worked on. */
export interface CallInFlight {
  /** The resource's URN, or the function's token. */
  readonly urn: string;
  /** The method of the protocol: `create`, `update`, ... */
  readonly method: string;
  /** Whether its engine has told it to stop, or is gone: it finishes what it cannot take back. */
  readonly cancelled: boolean;
}

/** A call as it is kept: whether it is cancelled is asked of its signal. */
type TrackedCall = Omit<CallInFlight, "cancelled"> & { readonly signal: AbortSignal };

/** One engine's connection: its session, and what stops its calls. */
interface Connection {
  session: ProviderSession | undefined;
  engineAddress: string | undefined;
  readonly stop: AbortController;
}

/**
 * The engines that are attached, by their peer address (`host:port`). Several share one server: each has its own
 * configuration, its own cancellation, and ends with its own socket.
 */
export class Connections {
  readonly #connections = new Map<string, Connection>();
  readonly #calls = new Set<TrackedCall>();
  readonly #onCloseError: (error: unknown) => void;
  readonly #onEnd: (engineAddress: string) => void;

  /** @param onEnd Told of the engine whose connection ended; it may have others. */
  constructor(onCloseError: (error: unknown) => void, onEnd: (engineAddress: string) => void) {
    this.#onCloseError = onCloseError;
    this.#onEnd = onEnd;
  }

  /** Takes in a new socket; everything of it is stopped and forgotten when it closes. */
  add(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const connection: Connection = {
      session: undefined,
      engineAddress: undefined,
      stop: new AbortController(),
    };
    this.#connections.set(peer, connection);
    socket.once("close", () => {
      connection.stop.abort();
      if (this.#connections.get(peer) === connection) this.#connections.delete(peer);
      this.#close(connection.session);
      if (connection.engineAddress !== undefined) this.#onEnd(connection.engineAddress);
    });
  }

  /** The session that this peer configured; undefined before it did. */
  session(peer: string): ProviderSession | undefined {
    return this.#connections.get(peer)?.session;
  }

  /** Keeps the session of this peer. A second configuration on the same connection takes the place of the first. */
  configure(peer: string, session: ProviderSession): void {
    const connection = this.#connections.get(peer);
    if (connection === undefined) {
      this.#close(session);
      return;
    }
    this.#close(connection.session);
    connection.session = session;
  }

  /** Where this peer's engine listens for log lines; undefined when it did not say. */
  engineAddress(peer: string): string | undefined {
    return this.#connections.get(peer)?.engineAddress;
  }

  /** Remembers where this peer's engine listens. */
  setEngineAddress(peer: string, address: string): void {
    const connection = this.#connections.get(peer);
    if (connection !== undefined && address !== "") connection.engineAddress = address;
  }

  /** Stops the calls of this peer, as its engine asked. */
  cancel(peer: string): void {
    this.#connections.get(peer)?.stop.abort();
  }

  /** What stops the calls of this peer. */
  signal(peer: string): AbortSignal {
    return this.#connections.get(peer)?.stop.signal ?? AbortSignal.abort();
  }

  /** Lists a call until its work is done, whether or not its engine still waits for the answer. */
  async track<T>(call: TrackedCall, work: () => Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await work();
    } finally {
      this.#calls.delete(call);
    }
  }

  /** The calls that are being worked on now. */
  inFlight(): CallInFlight[] {
    return [...this.#calls].map(({ signal, ...call }) => ({ ...call, cancelled: signal.aborted }));
  }

  #close(session: ProviderSession | undefined): void {
    if (session?.close === undefined) return;
    Promise.resolve()
      .then(() => session.close?.())
      .catch(this.#onCloseError);
  }
}
