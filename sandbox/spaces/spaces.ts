import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { FaultPlan } from "../faults/plan.ts";
import { Recording } from "../recording/recording.ts";
import type { Store } from "../store/store.ts";
import { createSpacesAdmin, type SpacesAdmin } from "./admin.ts";
import type { Expired } from "./expiry.ts";
import { handle, type OwnerKey } from "./handler.ts";
import { SpacesState } from "./state.ts";

/** What a Spaces server needs. */
export interface SpacesOptions {
  /** Where the records are kept: the cloud's own store, so that its inventory shows buckets and keys. */
  readonly store: Store;
  /** Where the bytes of objects are kept. */
  readonly directory: string;
  /** The account's full-access key. */
  readonly owner: OwnerKey;
  /** What is to go wrong. @default nothing */
  readonly faults?: FaultPlan;
  /** Where requests and answers are recorded. @default they are not */
  readonly recording?: Recording;
  /** The clock. @default the machine's */
  readonly now?: () => Date;
  /** Told of failures that are not a client's doing. @default they are dropped */
  readonly onError?: (error: unknown) => void;
}

/** DigitalOcean Spaces on loopback: the S3 API over HTTP. */
export interface Spaces {
  readonly admin: SpacesAdmin;
  /**
   * Lets lifecycle rules act now as the nights up to `until` would. Those that really pass need no call.
   * @returns What they did, by bucket; nothing for one in which nothing was due.
   */
  expire(until: Date): Promise<Expired[]>;
  /** Serves on 127.0.0.1; port 0 takes a free one. @returns the port */
  listen(port: number): Promise<number>;
  /** Ends open connections; what was answered is kept. The store stays open: it is the caller's. */
  close(): Promise<void>;
}

/**
 * Opens Spaces over what `store` and `directory` hold.
 *
 * Clients reach it in path style (`http://127.0.0.1:PORT/bucket/key`), or, through it as an HTTP proxy, at hosts
 * that name region and bucket (`http://bucket.fra1.spaces.internal/key`).
 */
export function createSpaces(options: SpacesOptions): Spaces {
  const state = new SpacesState(options.store, options.directory);
  const handlerOptions = {
    state,
    owner: options.owner,
    faults: options.faults ?? new FaultPlan(),
    recording: options.recording ?? new Recording(),
    now: options.now ?? (() => new Date()),
    onError: options.onError ?? (() => undefined),
  };
  const server = createServer((request, response) => {
    void handle(handlerOptions, request, response, randomUUID());
  });
  return {
    admin: createSpacesAdmin(options.store),
    expire: (until) => state.expire(until),
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
