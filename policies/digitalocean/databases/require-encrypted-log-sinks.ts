import type { DatabaseLogsinkOpensearchArgs, DatabaseLogsinkRsyslogArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireEncryptedLogSinks = resourceRule<
  Pick<DatabaseLogsinkRsyslogArgs, "tls"> & Pick<DatabaseLogsinkOpensearchArgs, "endpoint">
>({
  name: "require-encrypted-log-sinks",
  description:
    "A database's logs leave it encrypted: they hold queries, and with them what was asked and of whom.",
  remedy: "set `tls: true` with a `caCert` (rsyslog), or an `https://` endpoint (OpenSearch)",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "CC6.7" },
    { framework: "ISO 27001", id: "A.8.24" },
    { framework: "GDPR", id: "Article 32" },
  ],
  types: [
    "digitalocean:index/databaseLogsinkOpensearch:DatabaseLogsinkOpensearch",
    "digitalocean:index/databaseLogsinkRsyslog:DatabaseLogsinkRsyslog",
  ],
  check: (sink, report, { type }) => {
    if (type.endsWith(":DatabaseLogsinkRsyslog")) {
      if (sink.tls !== true) report("logs are sent in the clear", "tls");
    } else if (!/^https:\/\//i.test(String(sink.endpoint))) report("it is not https", "endpoint");
  },
});
