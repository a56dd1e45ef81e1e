import { isDeepStrictEqual } from "node:util";
import { ProviderError } from "../../kit/index.ts";
import { waitUntil } from "../api/wait.ts";
import type { Fields } from "./fields.ts";
import type { Found, Operation, Operations } from "./resource.ts";
import { isPlainMap, type PlainMap, toWire } from "./wire.ts";

/** How far a resource is: done, or what it says of itself meanwhile. Throw `ProviderError` when it cannot become ready. */
export type Readiness = "ready" | { readonly waiting: string };

/** A type of resource in a collection of the API, as most are. */
export interface RestOptions {
  readonly inputs: Fields;
  /** The collection's path, `/v2/vpcs`; with what the state knows for collections inside another resource. */
  readonly path: string | ((known: PlainMap) => string);
  /** What the answer wraps one of them in; undefined when it does not. */
  readonly one: string | undefined;
  /** What the answer wraps several in. */
  readonly many: string;
  /** The resource's id, from a document. Default: its `id`. */
  readonly id?: (document: PlainMap, inputs: PlainMap) => string;
  /** The last part of the resource's path. Default: its id. */
  readonly segment?: (id: string, known: PlainMap) => string;
  /** The body that makes it. Default: all inputs under their wire names. */
  readonly body?: (inputs: PlainMap) => PlainMap;
  /** Which properties, by wire name, tell whether a document is the one that was asked for. Default: `name`. */
  readonly identity?: readonly string[];
  /** Whether a document is the one that was asked for, given the body, where equal values do not tell. */
  readonly isTwin?: (document: PlainMap, body: PlainMap) => boolean;
  /** Whether it is ready. Default: at once. */
  readonly ready?: (document: PlainMap) => Readiness;
  /** How a change is sent, and its body. Default: none, every change is a replacement. */
  readonly change?: { readonly method: "PUT" | "PATCH"; readonly body?: (inputs: PlainMap) => PlainMap };
  /** The document as the fields want it, where the API's own does not do. Default: as it is. */
  readonly document?: (document: PlainMap, known: PlainMap) => PlainMap;
  /** Whether a delete is waited for until reading says 404. Default: false. */
  readonly goesSlowly?: boolean;
  /** What an import's id says. Default: the id itself. */
  readonly importing?: Operations["importing"];
}

/** The operations of a resource in a collection: POST, GET, PUT or PATCH, DELETE. */
export function rest(options: RestOptions): Operations {
  const { inputs: fields, one } = options;
  const collection = (known: PlainMap) =>
    typeof options.path === "string" ? options.path : options.path(known);
  const path = (id: string, known: PlainMap) =>
    `${collection(known)}/${encodeURIComponent(options.segment?.(id, known) ?? id)}`;
  const body = options.body ?? ((inputs: PlainMap) => toWire(fields, inputs));
  const { identity = ["name"] } = options;
  const isTwin =
    options.isTwin ??
    ((document: PlainMap, wanted: PlainMap) =>
      identity.every((name) => isDeepStrictEqual(document[name], wanted[name])));

  const unwrapped = (answer: PlainMap, known: PlainMap): PlainMap => {
    const inner = one === undefined ? answer : answer[one];
    // Some answers to a GET are not wrapped, though those to the POST are.
    const document = isPlainMap(inner) ? inner : answer;
    return options.document?.(document, known) ?? document;
  };
  const idOf = (document: PlainMap, inputs: PlainMap) =>
    options.id?.(document, inputs) ?? String(document.id);

  const read = async (id: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined> => {
    const answer = await operation.api.find(path(id, known), operation.signal);
    return answer && unwrapped(answer, known);
  };

  const operations: Operations = {
    async create(inputs, operation): Promise<Found> {
      const wanted = body(inputs);
      const startedAt = Date.now();
      const lookUp = async (signal: AbortSignal) => {
        const candidates = await operation.api.list(collection(inputs), options.many, signal);
        const twin = candidates.find(
          (candidate) => isTwin(candidate, wanted) && isYounger(candidate, startedAt),
        );
        return twin && (one === undefined ? twin : { [one]: twin });
      };
      const answer = await operation.api.create(collection(inputs), wanted, lookUp, operation.signal);
      const document = unwrapped(answer, inputs);
      return { id: idOf(document, inputs), document };
    },
    read,
    async delete(id, known, operation) {
      await operation.api.delete(path(id, known), operation.signal);
      if (!options.goesSlowly) return;
      await waitUntil(async () => ((await read(id, known, operation)) === undefined ? true : undefined), {
        what: `${path(id, known)} to be gone`,
        timeoutMs: operation.timeoutMs,
        signal: operation.signal,
      });
    },
  };
  const { ready, change, importing } = options;
  if (ready !== undefined) {
    operations.settle = (found, inputs, operation) =>
      untilReady(path(found.id, inputs), () => read(found.id, inputs, operation), ready, operation);
  }
  if (change !== undefined) {
    operations.update = async (id, inputs, known, operation) => {
      const send = change.method === "PUT" ? operation.api.put : operation.api.patch;
      await send.call(operation.api, path(id, known), (change.body ?? body)(inputs), operation.signal);
      if (ready !== undefined)
        await untilReady(path(id, known), () => read(id, known, operation), ready, operation);
    };
  }
  if (importing !== undefined) operations.importing = importing;
  return operations;
}

/** Reads until the resource is ready. Rejects when it vanishes meanwhile. */
export async function untilReady(
  what: string,
  read: () => Promise<PlainMap | undefined>,
  ready: (document: PlainMap) => Readiness,
  operation: Operation,
): Promise<PlainMap> {
  let status = "";
  return waitUntil(
    async () => {
      const document = await read();
      if (document === undefined) throw new ProviderError(`${what} vanished while it was waited for`);
      const readiness = ready(document);
      if (readiness === "ready") return document;
      if (readiness.waiting !== status) operation.progress(`waiting: it is ${readiness.waiting}`);
      status = readiness.waiting;
      return undefined;
    },
    { what: `${what} to become ready`, timeoutMs: operation.timeoutMs, signal: operation.signal },
  );
}

/** Ready once the document's `status` (or another field) has the value; failed when it has one of the others. */
export function whenStatus(
  status: string | readonly string[],
  options: { readonly field?: string; readonly failed?: readonly string[] } = {},
): (document: PlainMap) => Readiness {
  const wanted = typeof status === "string" ? [status] : status;
  const { field = "status", failed = ["errored", "error", "archive"] } = options;
  return (document) => {
    const value = document[field];
    const now = String(isPlainMap(value) ? value.state : value);
    if (wanted.includes(now)) return "ready";
    if (failed.includes(now)) {
      throw new ProviderError(
        `it is "${now}", which never becomes "${wanted.join('" or "')}": delete it and try again`,
      );
    }
    return { waiting: now };
  };
}

/** Clocks differ and times are told in seconds: a few seconds do not make a document an older one. */
const CLOCK_SKEW_MS = 5_000;

/** Whether a document may have been made since. One that does not say when it was made may. */
export function isYounger(document: PlainMap, since: number, field = "created_at"): boolean {
  const madeAt = Date.parse(String(document[field] ?? ""));
  return Number.isNaN(madeAt) || madeAt >= since - CLOCK_SKEW_MS;
}

/** The body with some of the inputs only, under their wire names. */
export function pickWire(fields: Fields, inputs: PlainMap, names: readonly string[]): PlainMap {
  return toWire(
    Object.fromEntries(names.flatMap((name) => (fields[name] ? [[name, fields[name]]] : []))),
    inputs,
  );
}
