import type { Fields } from "../dsl/fields.ts";
import type { Operations } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";
import { clusterPath } from "./databases.ts";

/** The operations of a sink of one kind: the API keeps what is particular to the kind in an object of its own. */
export function logsink(type: "rsyslog" | "opensearch", inputs: Fields): Operations {
  const makeId = (known: PlainMap, sink: string) => `${String(known.clusterId)},${sink}`;

  const config = (news: PlainMap): PlainMap => {
    const { cluster_id: _cluster, name: _name, ...settings } = toWire(inputs, news);
    return { config: settings };
  };

  return rest({
    inputs,
    path: (known) => clusterPath(known, "logsink"),
    one: "sink",
    many: "sinks",
    id: (document, news) => makeId(news, String(document.logsink_id)),
    segment: (id) => id.split(",")[1] ?? "",
    identity: ["sink_name"],
    body: (news) => ({ sink_name: news.name ?? "", sink_type: type, ...config(news) }),
    document: (found, known) => ({
      ...(isPlainMap(found.config) ? found.config : {}),
      cluster_id: known.clusterId ?? "",
      name: found.sink_name ?? "",
      logsink_id: found.sink_id ?? "",
    }),
    change: { method: "PUT", body: config },
    importing: (id) => ({ id, known: { clusterId: id.split(",")[0] ?? "" } }),
  });
}
