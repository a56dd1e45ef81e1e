import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import type { LogStore } from "../joints.ts";
import { storeOutput } from "./stores.ts";
import { shippingPorts } from "./traffic.ts";

/** Where Fluent Bit finds what it reads, and keeps what must outlive it. */
export const folders = {
  settings: "/fluent-bit/settings",
  secrets: "/fluent-bit/secrets",
  podLogs: "/var/log/pods",
  /** How far it has read, and what the store has not taken yet. */
  state: "/var/lib/whisper-log-shipping",
} as const;

/** What becomes of a line, in the language that Fluent Bit runs it in. */
export const recordScript = {
  file: "record.lua",
  text: readFileSync(new URL("record.lua", import.meta.url), "utf8"),
} as const;

/** What decides Fluent Bit's configuration. */
export interface ShippingSettings {
  /** What its own pods' names begin with: what it says of a line would be a further line. */
  readonly ownName: string;
  readonly environment: string;
  readonly store: LogStore;
}

/** A container's lines, by where it is in the cluster. */
const containers = "container_*";

/** Everything that is a log, and no metric. */
const logs = "/^container_/";

/**
 * A line that belongs to the one before: it is indented, or goes on with a trace of Python's, Java's or Go's. Ruby's expression
 * language; a JSON object always begins a record of its own.
 */
const continuation = [
  String.raw`\s`,
  String.raw`Traceback \(most recent call last\):`,
  "Caused by: ",
  "During handling of the above exception",
  "The above exception was the direct cause",
  String.raw`[\w.$]+(Error|Exception|Warning|Interrupt|Exit|Failure)(: |$)`,
  String.raw`goroutine \d+ \[`,
  String.raw`[\w.\/*()-]+\.[\w.*()]+\(.*\)$`,
  "created by ",
  "$",
].join("|");

/** The whole configuration: from files to lines, from lines to traces, from traces to records, from records to the store. */
export function shippingConfiguration({ ownName, environment, store }: ShippingSettings): string {
  return stringify(
    {
      service: {
        flush: 2,
        grace: 20,
        log_level: "warn",
        http_server: "on",
        http_port: shippingPorts.health,
        health_check: "on",
        "storage.path": `${folders.state}/buffer`,
        "storage.sync": "normal",
        "storage.max_chunks_up": 32,
        "storage.backlog.mem_limit": "8M",
        "storage.delete_irrecoverable_chunks": "on",
        // After a store's outage the nodes do not all come at once.
        "scheduler.base": 5,
        "scheduler.cap": 120,
      },
      parsers: [{ name: "line-of-json", format: "json" }],
      multiline_parsers: [
        {
          name: "trace",
          type: "regex",
          flush_timeout: 2000,
          rules: [
            { state: "start_state", regex: "/./", next_state: "more" },
            { state: "more", regex: `/^(${continuation})/`, next_state: "more" },
          ],
        },
      ],
      pipeline: {
        inputs: [
          {
            name: "tail",
            path: `${folders.podLogs}/*/*/*.log`,
            exclude_path: `${folders.podLogs}/*_${ownName}-*/*/*.log`,
            tag: "container_<namespace>_<pod>_<container>",
            tag_regex: `${folders.podLogs}/(?<namespace>[^_]+)_(?<pod>[^_]+)_[^/]+/(?<container>[^/]+)/`,
            "multiline.parser": "cri",
            db: `${folders.state}/positions.db`,
            "db.locking": true,
            read_from_head: true,
            refresh_interval: 10,
            // The kubelet has renamed a file: what is still written to it is read too.
            rotate_wait: 30,
            buffer_max_size: "256k",
            skip_long_lines: "on",
            // What the store does not take waits on the disk, and when that is full in the containers' own files.
            "storage.type": "filesystem",
            "storage.pause_on_chunks_overlimit": "on",
          },
          { name: "fluentbit_metrics", tag: "metrics", scrape_interval: 15 },
        ],
        filters: [
          {
            name: "multiline",
            match: containers,
            "multiline.key_content": "log",
            "multiline.parser": "trace",
            "emitter_storage.type": "filesystem",
            emitter_mem_buf_limit: "8M",
          },
          {
            name: "parser",
            match_regex: logs,
            key_name: "log",
            parser: "line-of-json",
            reserve_data: "on",
          },
          {
            name: "lua",
            match_regex: logs,
            script: `${folders.settings}/${recordScript.file}`,
            call: "shape",
          },
          {
            name: "log_to_metrics",
            match_regex: logs,
            tag: "metrics",
            metric_mode: "counter",
            // Together: log_records_total.
            metric_namespace: "log",
            metric_subsystem: "records",
            metric_name: "total",
            metric_description: "Lines of logs, by who wrote them, how bad they are and what they tell",
            // A namespace would be the shipper's own: who asks adds where he asked.
            label_field: ["component", "level", "event"],
            flush_interval_sec: 5,
          },
        ],
        outputs: [
          {
            ...storeOutput(store, environment),
            alias: "store",
            match_regex: logs,
            compress: "gzip",
            workers: 1,
            // Until it is taken; of what waits too long, the oldest goes first.
            retry_limit: "no_limits",
            "storage.total_limit_size": "1G",
          },
          { name: "prometheus_exporter", match: "metrics", host: "0.0.0.0", port: shippingPorts.metrics },
        ],
      },
    },
    { lineWidth: 0 },
  );
}
