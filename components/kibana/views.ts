/** The data view that all saved searches are on. */
const viewId = "logs-whisper";

interface View {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** In Kibana's query language. */
  readonly query: string;
  readonly columns: readonly string[];
}

const views: readonly View[] = [
  {
    id: "logs-whisper-errors",
    title: "Errors",
    description: "What every component says is wrong; LogErrorsBurst sends its reader here",
    query: "level: (error or critical)",
    columns: ["component", "pod", "message"],
  },
  {
    id: "logs-whisper-sign-ins",
    title: "Failed sign-ins, and privileges that were refused",
    description: "LogFailedLogins and LogPrivilegeRefused send their readers here",
    query: "event: (failed-login or privilege-refused)",
    columns: ["component", "node", "message", "attributes.client"],
  },
  {
    id: "logs-whisper-probes",
    title: "Probes",
    description: "Requests of those who look for a way in; LogProbeAnswered sends its reader here",
    query: "event: (probe or probe-answered)",
    columns: ["event", "attributes.client", "attributes.path", "attributes.status"],
  },
  {
    id: "logs-whisper-requests",
    title: "Requests at the edge",
    description: "nginx's access log",
    query: "component: proxy* and attributes.method: *",
    columns: ["attributes.status", "attributes.method", "attributes.path", "attributes.seconds"],
  },
  {
    id: "logs-whisper-traces",
    title: "Lines of a trace",
    description: "Add trace_id: <id> to see what one request has done everywhere",
    query: "trace_id: *",
    columns: ["trace_id", "component", "level", "message"],
  },
];

/**
 * The saved views as Kibana itself would write them, a line each.
 *
 * @param pattern Pattern of the data streams. @example "logs-whisper-*"
 */
export function savedViews(pattern: string): string {
  const reference = "kibanaSavedObjectMeta.searchSourceJSON.index";
  const objects = [
    {
      id: viewId,
      type: "index-pattern",
      attributes: { title: pattern, name: "Logs", timeFieldName: "@timestamp" },
      references: [],
    },
    ...views.map(({ id, title, description, query, columns }) => ({
      id,
      type: "search",
      attributes: {
        title,
        description,
        columns,
        sort: [["@timestamp", "desc"]],
        kibanaSavedObjectMeta: {
          searchSourceJSON: JSON.stringify({
            query: { language: "kuery", query },
            filter: [],
            indexRefName: reference,
          }),
        },
      },
      references: [{ name: reference, type: "index-pattern", id: viewId }],
    })),
  ];
  return objects.map((object) => `${JSON.stringify(object)}\n`).join("");
}
