/**
 * A small client of one API server: JSON in, JSON out, and watches. `@kubernetes/client-node` lends its types only;
 * its code would cost the daemon 70 MB for what is done here in a page.
 */
import type { KubernetesObject, V1Status } from "@kubernetes/client-node";
import { Agent, type Dispatcher, request } from "undici";

/** The API server refused a call. */
export class KubeApiError extends Error {
  override readonly name = "KubeApiError";
  /** HTTP status. */
  readonly status: number;
  /** Kubernetes's machine-readable reason, e.g. `AlreadyExists`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export interface KubeApiOptions {
  /** URL of the API server. */
  server: string;
  /** PEM of its authority. */
  authority: string;
  /** With which this client proves who it is, in PEM. */
  clientCertificate: { certificate: string; key: string };
}

/** What a watch tells of one object. */
export interface WatchEvent<T> {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: T;
}

export interface KubeList<T> {
  metadata?: { resourceVersion?: string };
  items: T[];
}

type PatchType = "application/merge-patch+json" | "application/apply-patch+yaml";

/** A program that the sandbox runs in a cluster's name, as seen in `metadata.managedFields`. */
const FIELD_MANAGER = "whisper-sandbox";
const CALL_TIMEOUT_MS = 15_000;

/** See the file's comment. Paths are API paths, e.g. `/api/v1/nodes`. */
export class KubeApi {
  private readonly server: string;
  private readonly dispatcher: Agent;

  constructor({ server, authority, clientCertificate }: KubeApiOptions) {
    this.server = server;
    this.dispatcher = new Agent({
      connect: { ca: authority, cert: clientCertificate.certificate, key: clientCertificate.key },
      bodyTimeout: 0,
      headersTimeout: CALL_TIMEOUT_MS,
    });
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  /** @returns undefined when there is no such object */
  async find<T>(path: string): Promise<T | undefined> {
    return orUndefined(this.get<T>(path), 404);
  }

  create<T extends KubernetesObject>(path: string, object: T): Promise<T> {
    return this.call<T>("POST", `${path}?fieldManager=${FIELD_MANAGER}`, object);
  }

  /** Creates an object unless it exists; leaves an existing one alone. */
  async ensure(collection: string, object: KubernetesObject): Promise<void> {
    try {
      await this.create(collection, object);
    } catch (error) {
      // Not always 409: a service with a fixed address is invalid, because that address is in use.
      if (!(error instanceof KubeApiError)) throw error;
      if ((await this.find(`${collection}/${object.metadata?.name}`)) === undefined) throw error;
    }
  }

  /** Server-side apply: creates the object or changes the fields that this manager owns. */
  apply<T extends KubernetesObject>(path: string, object: T): Promise<T> {
    return this.call<T>(
      "PATCH",
      `${path}?fieldManager=${FIELD_MANAGER}&force=true`,
      object,
      "application/apply-patch+yaml",
    );
  }

  /** JSON merge patch. `path` may name a subresource, e.g. `.../status`. */
  patch<T>(path: string, patch: object): Promise<T> {
    return this.call<T>(
      "PATCH",
      `${path}?fieldManager=${FIELD_MANAGER}`,
      patch,
      "application/merge-patch+json",
    );
  }

  /** Deletes an object; one that is gone already is fine. */
  async delete(path: string, options: { gracePeriodSeconds?: number } = {}): Promise<void> {
    await orUndefined(
      this.call("DELETE", path, { apiVersion: "v1", kind: "DeleteOptions", ...options }),
      404,
    );
  }

  /** The status of a plain request such as `/readyz`; 0 when nobody answers. */
  async probe(path: string): Promise<number> {
    try {
      const { statusCode, body } = await this.send(
        "GET",
        path,
        undefined,
        undefined,
        AbortSignal.timeout(2_000),
      );
      await body.dump();
      return statusCode;
    } catch {
      return 0;
    }
  }

  /** Events after `resourceVersion`, until the server or `signal` ends the watch. */
  async *watch<T extends KubernetesObject>(
    path: string,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true", resourceVersion });
    const joint = path.includes("?") ? "&" : "?";
    const { statusCode, body } = await this.send(
      "GET",
      `${path}${joint}${query}`,
      undefined,
      undefined,
      signal,
    );
    if (statusCode !== 200) throw toError(statusCode, await body.text());
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line);
    }
  }

  close(): Promise<void> {
    return this.dispatcher.destroy();
  }

  private async call<T>(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: object,
    contentType = "application/json",
  ): Promise<T> {
    const response = await this.send(method, path, body, contentType, AbortSignal.timeout(CALL_TIMEOUT_MS));
    const text = await response.body.text();
    if (response.statusCode >= 300) throw toError(response.statusCode, text);
    return JSON.parse(text);
  }

  private send(
    method: Dispatcher.HttpMethod,
    path: string,
    body: object | undefined,
    contentType: PatchType | string | undefined,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    return request(`${this.server}${path}`, {
      method,
      dispatcher: this.dispatcher,
      signal,
      headers: {
        accept: "application/json",
        "user-agent": FIELD_MANAGER,
        ...(body === undefined ? {} : { "content-type": contentType ?? "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

async function orUndefined<T>(call: Promise<T>, status: number): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === status) return undefined;
    throw error;
  }
}

function toError(status: number, text: string): KubeApiError {
  try {
    const { reason = "Unknown", message = text }: V1Status = JSON.parse(text);
    return new KubeApiError(status, reason, message);
  } catch {
    return new KubeApiError(status, "Unknown", text);
  }
}
