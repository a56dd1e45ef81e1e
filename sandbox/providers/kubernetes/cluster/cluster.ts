import type { PlainValue } from "../../kit/values.ts";
import {
  asObject,
  type KubernetesObject,
  listAt,
  mapAt,
  nameOf,
  namespaceOf,
  type PlainMap,
  textAt,
  valueAt,
} from "../objects/object.ts";
import { apiVersionOf, kindOf, type ObjectKind } from "../objects/type-token.ts";
import type { ClusterAccess } from "./access.ts";
import { ApiClient } from "./api-client.ts";
import { ApiError, isNotFound } from "./api-error.ts";
import { GroupSchema, type SchemaNode } from "./schema.ts";

/** How the API server serves a kind. */
export interface ServedKind {
  /** The name in paths, `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Options of a request that writes. */
export interface WriteOptions {
  readonly fieldManager: string;
  /** Say what would come of it, and change nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/** The API server has no such kind: the group, the version or the kind is missing, perhaps a CustomResourceDefinition. */
export class UnservedKindError extends ApiError {
  override readonly name = "UnservedKindError";

  constructor(kind: ObjectKind, served: readonly string[]) {
    const versions = served.length > 0 ? ` It serves ${served.join(", ")} of that group.` : "";
    super(
      `the API server does not serve ${apiVersionOf(kind)} ${kind.kind}.${versions} If a CustomResourceDefinition brings it, make that first (dependsOn)`,
      404,
      { reason: "NoMatch", message: "no such kind" },
    );
  }
}

/** How long the first question to a server may take to be answered before the server counts as unreachable. */
const REACH_PATIENCE_MS = 6_000;

/** Descriptions are large and named by their content: one copy serves every cluster that has the same one. */
const descriptions = new Map<string, Promise<GroupSchema>>();
const DESCRIPTIONS_KEPT = 64;

/** One cluster's API, as one user. */
export class Cluster {
  readonly #client: ApiClient;
  readonly #kinds = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();
  #index: Promise<PlainMap> | undefined;

  constructor(access: ClusterAccess) {
    this.#client = new ApiClient(access);
  }

  /** Asks the server for something small. Throws when it cannot be reached or does not let us in. */
  async reach(signal?: AbortSignal): Promise<void> {
    this.#index = this.#fetchIndex(signal);
    await this.#index;
  }

  /** Forgets what kinds there are: a CustomResourceDefinition came or went. */
  forgetKinds(): void {
    this.#kinds.clear();
    this.#index = undefined;
  }

  /** How a kind is served; undefined when it is not. */
  async served(kind: ObjectKind): Promise<ServedKind | undefined> {
    const group = groupPath(kind);
    const known = this.#kinds.get(group) ?? this.#fetchKinds(group);
    this.#kinds.set(group, known);
    const found = await known.then(
      (kinds) => kinds.get(kind.kind),
      (error: unknown) => {
        this.#kinds.delete(group);
        if (isNotFound(error)) return undefined;
        throw error;
      },
    );
    if (found === undefined) this.#kinds.delete(group);
    return found;
  }

  /** The description of a kind; undefined when the server gives none. */
  async schema(kind: ObjectKind): Promise<{ group: GroupSchema; root: SchemaNode } | undefined> {
    this.#index ??= this.#fetchIndex();
    const index = await this.#index;
    const url = textAt(index, groupPath(kind).slice(1), "serverRelativeURL");
    if (url === "") return undefined;
    const group = await this.#describe(url);
    const root = group.root(kind);
    return root === undefined ? undefined : { group, root };
  }

  /** The versions of the kind's group that the server has, `apps/v1`. */
  async versionsOf(kind: ObjectKind): Promise<string[]> {
    this.#index ??= this.#fetchIndex();
    const prefix = kind.group === "" ? "api/" : `apis/${kind.group}/`;
    return Object.keys(await this.#index)
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.replace(/^apis?\//, ""));
  }

  /** The object as it is. Throws `ApiError` with status 404 when it is not there. */
  async get(
    kind: ObjectKind,
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<KubernetesObject> {
    const path = await this.#path(kind, namespace, name);
    return toObject(await this.#client.send({ method: "GET", path, signal }));
  }

  /** The objects of a kind in a namespace. */
  async list(
    kind: ObjectKind,
    namespace: string,
    selector: { labelSelector?: string; fieldSelector?: string },
    signal: AbortSignal,
  ): Promise<PlainMap[]> {
    const path = await this.#path(kind, namespace);
    const body = await this.#client.send({ method: "GET", path, query: { ...selector }, signal });
    return listAt(body, "items").map((item) => mapAt(item));
  }

  /**
   * Makes the object. When a try got lost and a later one finds the object there, it is taken for ours if it was made
   * since we began.
   */
  async create(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
    const kind = kindOf(object);
    const path = await this.#path(kind, namespaceOf(object));
    const begunAt = Date.now();
    const query = { fieldManager: options.fieldManager, dryRun: options.dryRun ? "All" : undefined };
    let lost = false;
    const send = this.#client.send({
      method: "POST",
      path,
      query,
      body: object,
      signal: options.signal,
      onLostTry: () => {
        lost = true;
      },
    });
    return send.then(toObject, async (error: unknown) => {
      if (!lost || !(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
      const found = await this.get(kind, namespaceOf(object), nameOf(object), options.signal);
      if (!madeSince(found, begunAt, options.fieldManager)) throw error;
      return found;
    });
  }

  /** Server-side apply: the fields given become ours and get these values, those we had and do not give go. */
  async apply(
    object: KubernetesObject,
    options: WriteOptions & { force: boolean },
  ): Promise<KubernetesObject> {
    const path = await this.#path(kindOf(object), namespaceOf(object), nameOf(object));
    const query = {
      fieldManager: options.fieldManager,
      force: String(options.force),
      dryRun: options.dryRun ? "All" : undefined,
    };
    const contentType = "application/apply-patch+yaml";
    return toObject(
      await this.#client.send({
        method: "PATCH",
        path,
        query,
        body: object,
        contentType,
        signal: options.signal,
      }),
    );
  }

  /** Replaces the object as a whole. Throws `Conflict` when it was changed since its `resourceVersion`. */
  async replace(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject> {
    const path = await this.#path(kindOf(object), namespaceOf(object), nameOf(object));
    const query = { fieldManager: options.fieldManager, dryRun: options.dryRun ? "All" : undefined };
    return toObject(
      await this.#client.send({ method: "PUT", path, query, body: object, signal: options.signal }),
    );
  }

  /** Writes who manages which fields. Throws `Conflict` when the object was changed since its `resourceVersion`. */
  async replaceManagers(
    object: KubernetesObject,
    managers: PlainValue[],
    signal: AbortSignal,
  ): Promise<KubernetesObject> {
    const path = await this.#path(kindOf(object), namespaceOf(object), nameOf(object));
    const body = [
      { op: "replace", path: "/metadata/managedFields", value: managers },
      {
        op: "replace",
        path: "/metadata/resourceVersion",
        value: textAt(object, "metadata", "resourceVersion"),
      },
    ];
    const contentType = "application/json-patch+json";
    return toObject(await this.#client.send({ method: "PATCH", path, body, contentType, signal }));
  }

  /** Begins the deletion. An object that is not there throws `ApiError` with status 404. */
  async delete(
    kind: ObjectKind,
    namespace: string,
    name: string,
    propagationPolicy: "Foreground" | "Background" | "Orphan",
    signal: AbortSignal,
  ): Promise<void> {
    const path = await this.#path(kind, namespace, name);
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.#client.send({ method: "DELETE", path, body, signal });
  }

  /** Lets go of the connections. */
  close(): Promise<void> {
    return this.#client.close();
  }

  async #path(kind: ObjectKind, namespace: string, name?: string): Promise<string> {
    const served = await this.served(kind);
    if (served === undefined) throw new UnservedKindError(kind, await this.versionsOf(kind));
    const scope = served.namespaced && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
    const object = name === undefined ? "" : `/${encodeURIComponent(name)}`;
    return `${groupPath(kind)}${scope}/${served.plural}${object}`;
  }

  async #fetchIndex(signal?: AbortSignal): Promise<PlainMap> {
    const body = await this.#client.send({
      method: "GET",
      path: "/openapi/v3",
      patienceMs: REACH_PATIENCE_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    return mapAt(body, "paths");
  }

  async #fetchKinds(group: string): Promise<ReadonlyMap<string, ServedKind>> {
    const body = await this.#client.send({ method: "GET", path: group });
    return new Map(
      listAt(body, "resources")
        .filter((resource) => !textAt(resource, "name").includes("/"))
        .map((resource) => [
          textAt(resource, "kind"),
          { plural: textAt(resource, "name"), namespaced: valueAt(resource, "namespaced") === true },
        ]),
    );
  }

  #describe(url: string): Promise<GroupSchema> {
    const known = descriptions.get(url);
    if (known !== undefined) return known;
    const [path = "", query = ""] = url.split("?");
    const fetched = this.#client
      .send({ method: "GET", path, query: Object.fromEntries(new URLSearchParams(query)) })
      .then((document) => new GroupSchema(document));
    descriptions.set(url, fetched);
    fetched.catch(() => descriptions.delete(url));
    const oldest = descriptions.keys().next().value;
    if (descriptions.size > DESCRIPTIONS_KEPT && oldest !== undefined) descriptions.delete(oldest);
    return fetched;
  }
}

function groupPath(kind: ObjectKind): string {
  return kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
}

function toObject(body: PlainValue): KubernetesObject {
  return asObject(mapAt(body));
}

/** The server's times have whole seconds. */
function madeSince(object: PlainMap, begunAt: number, fieldManager: string): boolean {
  const madeAt = Date.parse(textAt(object, "metadata", "creationTimestamp"));
  const managers = listAt(object, "metadata", "managedFields").map((entry) => textAt(entry, "manager"));
  return madeAt >= begunAt - 1000 && managers.includes(fieldManager);
}
