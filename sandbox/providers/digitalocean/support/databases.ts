import { type Field, string } from "../dsl/fields.ts";
import type { Operations } from "../dsl/resource.ts";
import { uuid } from "../dsl/values.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";

/** The database cluster that something belongs to. */
export const clusterId: Field = string({ required: true, replaces: true, rules: [uuid] });

/** The path of a cluster, or of something in it. */
export const clusterPath = (known: PlainMap, ...parts: readonly string[]): string =>
  ["/v2/databases", String(known.clusterId), ...parts].join("/");

/** Where and as whom to connect, as properties of the document. Passwords are told once for some kinds: kept ones stay. */
export function connectionDocument(found: PlainMap, known: PlainMap): PlainMap {
  const open = isPlainMap(found.connection) ? found.connection : {};
  const inside = isPlainMap(found.private_connection) ? found.private_connection : {};
  return {
    ...found,
    host: open.host ?? null,
    port: open.port ?? null,
    uri: open.uri ?? null,
    database: open.database ?? null,
    user: open.user ?? known.user ?? null,
    password: open.password || (known.password ?? null),
    private_host: inside.host ?? null,
    private_uri: inside.uri ?? null,
  };
}

/** The import id of something in a cluster: `<cluster's id>,<its name>`. */
export function importingByName(
  makeId: (clusterId: string, name: string) => string,
): NonNullable<Operations["importing"]> {
  return (id) => {
    const [cluster = "", ...name] = id.split(",");
    const known = { clusterId: cluster, name: name.join(",") };
    return { id: makeId(cluster, known.name), known };
  };
}

/** What the API does not tell of databases of this kind stays out of the state, as what the program never said does. */
export function databaseDocument(found: PlainMap, known: PlainMap): PlainMap {
  const { maintenance_window: window, storage_autoscale: autoscale, ...rest } = found;
  const ui = isPlainMap(found.ui_connection) ? found.ui_connection : {};
  const endpoints = Array.isArray(found.metrics_endpoints) ? found.metrics_endpoints.filter(isPlainMap) : [];
  const saysWindow = known.maintenanceWindows !== undefined && isPlainMap(window);
  return {
    ...connectionDocument(rest, known),
    ...(saysWindow ? { maintenance_windows: [window] } : {}),
    ...(known.storageAutoscale === undefined ? {} : { storage_autoscale: autoscale ?? null }),
    urn: `do:dbaas:${String(found.id)}`,
    metrics_endpoints: endpoints.map(
      (endpoint) => `https://${String(endpoint.host)}:${String(endpoint.port)}/metrics`,
    ),
    ...Object.fromEntries(
      ["database", "host", "password", "port", "uri", "user"].map((part) => [`ui_${part}`, ui[part] ?? null]),
    ),
  };
}
