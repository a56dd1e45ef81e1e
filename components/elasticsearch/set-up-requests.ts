import { type ElasticsearchSizing, replicasOf } from "./arguments.ts";

/** What all of ours is called in Elasticsearch: policy, template, pipeline. */
const ours = "logs-whisper";

/** Name under which Elasticsearch knows the bucket. */
const repository = "bucket";

/** Pattern of the data streams. */
export const streamPattern = `${ours}-*`;

/** What an environment's lines are written to. */
export const dataStreamOf = (environment: string): string => `${ours}-${environment}`;

/** A request, whose body is JSON. */
export interface SetUpRequest {
  readonly path: string;
  readonly body: unknown;
}

/** Days for which a snapshot is kept; with it a line is gone for good after as many days more. */
const snapshotDays = 7;

/** Of what a size consists of, what the set-up depends on. */
type Kept = Pick<ElasticsearchSizing, "retentionDays" | "members">;

/**
 * What makes a cluster ours, in this order; each can be asked for again, and changes nothing then. All are `PUT`.
 *
 * @param bucket name of the bucket of snapshots
 */
export function setUpRequests(kept: Kept, bucket: string): SetUpRequest[] {
  return [
    { path: `_ilm/policy/${ours}`, body: lifecycle(kept) },
    { path: `_ingest/pipeline/${ours}`, body: pipeline },
    { path: `_index_template/${ours}`, body: template(kept) },
    {
      path: `_snapshot/${repository}`,
      body: { type: "s3", settings: { bucket, client: "default", base_path: "snapshots" } },
    },
    { path: `_slm/policy/${ours}`, body: snapshots },
  ];
}

/** A new index each day: one that is a day old when it is closed goes when its youngest line is as old as is kept. */
const lifecycle = ({ retentionDays }: Kept) => ({
  policy: {
    phases: {
      hot: {
        min_age: "0ms",
        actions: { rollover: { max_age: "1d", max_primary_shard_size: "20gb" } },
      },
      delete: { min_age: `${retentionDays}d`, actions: { delete: {} } },
    },
  },
});

/** Lines come masked and shaped; when they came is told by nobody else. */
const pipeline = {
  description: "Says when a line has arrived; a line without a time of its own has come now",
  processors: [
    { set: { field: "received", value: "{{{_ingest.timestamp}}}" } },
    { set: { field: "@timestamp", value: "{{{_ingest.timestamp}}}", override: false } },
  ],
};

const keyword = { type: "keyword", ignore_above: 256 } as const;

/** Fields of their own for what is common to all lines; what else a program says is one field, however much it is. */
const template = (kept: Kept) => ({
  index_patterns: [streamPattern],
  data_stream: {},
  priority: 500,
  template: {
    settings: {
      "index.lifecycle.name": ours,
      "index.number_of_shards": 1,
      "index.number_of_replicas": replicasOf(kept),
      "index.codec": "best_compression",
      "index.refresh_interval": "10s",
      "index.default_pipeline": ours,
    },
    mappings: {
      dynamic: false,
      properties: {
        "@timestamp": { type: "date_nanos" },
        received: { type: "date" },
        message: { type: "match_only_text" },
        environment: keyword,
        namespace: keyword,
        component: keyword,
        pod: keyword,
        container: keyword,
        node: keyword,
        level: keyword,
        event: keyword,
        trace_id: keyword,
        attributes: { type: "flattened", ignore_above: 1024 },
      },
    },
  },
});

/** Each night at half past two. */
const snapshots = {
  schedule: "0 30 2 * * ?",
  name: "<logs-{now/d}>",
  repository,
  config: { indices: [streamPattern], include_global_state: false },
  retention: { expire_after: `${snapshotDays}d`, min_count: 1, max_count: 2 * snapshotDays },
};
