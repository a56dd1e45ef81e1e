import type { PlainValue } from "../../kit/index.ts";
import type { Field, Fields } from "../dsl/fields.ts";
import type { Operation, Operations } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";
import { clusterPath } from "./databases.ts";

/**
 * The settings of an engine as the vendor's plugin reads them: numbers and texts into plain Go values, so that what the
 * API does not tell is zero or empty in the state.
 */
export function plainlyRead(settings: Fields): Fields {
  const isPlain = ({ kind, computed }: Field) => computed === true && kind !== "boolean" && kind !== "list";
  return Object.fromEntries(
    Object.entries(settings).map(([name, field]) => [
      name,
      isPlain(field) ? { ...field, zero: true } : field,
    ]),
  );
}

/** How the configuration of an engine differs from that of others. */
export interface ConfigOptions {
  readonly inputs: Fields;
  /** The end of the resource's id: `postgresql-config`. */
  readonly suffix: string;
  /** Properties that are a list of at most one to the plugin, and an object to the API; by wire name. */
  readonly singles?: readonly (readonly [many: string, one: string])[];
  /** What the API tells and the vendor's plugin does not read, by wire name: the state holds what the program says. */
  readonly unread?: readonly string[];
}

/**
 * The operations of a database engine's configuration. It is there as long as its cluster is: making it sets what the
 * program says, and deleting it leaves the settings as they are, as the vendor's plugin does.
 */
export function databaseConfig({ inputs, suffix, singles = [], unread = [] }: ConfigOptions): Operations {
  const path = (known: PlainMap) => clusterPath(known, "config");

  const apply = async (news: PlainMap, { api, signal }: Operation): Promise<void> => {
    const { cluster_id: _cluster, ...config } = toWire(inputs, news);
    for (const [many, one] of singles) {
      const entries = config[many];
      delete config[many];
      if (Array.isArray(entries) && entries[0] !== undefined) config[one] = entries[0];
    }
    await api.patch(path(news), { config }, signal);
  };

  const read = async (
    known: PlainMap,
    { api, signal }: Operation,
    none: PlainValue = [],
  ): Promise<PlainMap | undefined> => {
    const config = (await api.find(path(known), signal))?.config;
    if (!isPlainMap(config)) return undefined;
    const lists = singles.map(([many, one]) => [many, isPlainMap(config[one]) ? [config[one]] : none]);
    const silent = unread.map((name) => [name, null]);
    return { ...config, ...Object.fromEntries([...lists, ...silent]), cluster_id: known.clusterId ?? "" };
  };

  return {
    async create(news, operation) {
      await apply(news, operation);
      const document = (await read(news, operation, null)) ?? {};
      return { id: `${String(news.clusterId)}/${suffix}`, document };
    },
    read: (_id, known, operation) => read(known, operation),
    async update(_id, news, _known, operation) {
      await apply(news, operation);
      return undefined;
    },
    delete: async () => undefined,
    importing: (cluster) => ({ id: `${cluster}/${suffix}`, known: { clusterId: cluster } }),
  };
}
