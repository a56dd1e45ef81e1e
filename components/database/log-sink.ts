import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "../errors.ts";
import { syslogTlsPort } from "../syslog.ts";

/** Where a database's log goes: to a syslog server, by {@link server}, or to an index, by {@link endpoint}; always by TLS. */
export interface LogSink {
  /**
   * A syslog server, which is sent the log line by line.
   * @default the log goes to {@link endpoint}
   * @example "logs.internal.example.com"
   */
  readonly server?: pulumi.Input<string>;
  /** Of the server. @default 6514, syslog over TLS */
  readonly port?: number;
  /**
   * Certificate by which DigitalOcean proves to the server who it is, with {@link clientKey}.
   * @default it proves nothing
   */
  readonly clientCertificate?: pulumi.Input<string>;
  /** Key of that certificate. Secret. @default it proves nothing */
  readonly clientKey?: pulumi.Input<string>;

  /**
   * An OpenSearch or Elasticsearch, with user and password where it wants them. Secret.
   * @default the log goes to {@link server}
   * @example "https://writer:password@search.example.com:9200"
   */
  readonly endpoint?: pulumi.Input<string>;
  /** What its indices' names begin with; there is one a day. @default the cluster's name */
  readonly indexPrefix?: string;
  /** Days after which an index is deleted. @default 30 */
  readonly retentionDays?: number;

  /**
   * Certificate of the authority that the server's is checked with.
   * @default the authorities that everybody trusts
   */
  readonly caCertificate?: pulumi.Input<string>;
}

/** Whose log it is, and what the sink is called in the cloud. */
interface SinkPlace {
  readonly clusterId: pulumi.Input<string>;
  readonly name: string;
}

/** Sends a cluster's log where it is to go, always by TLS: statements in it show what they are about. */
export function createLogSink(
  logicalName: string,
  { name, clusterId }: SinkPlace,
  sink: LogSink,
  parent: pulumi.Resource,
): void {
  const { server, port, clientCertificate, clientKey, endpoint, caCertificate } = withSecrets(sink);
  const common = { clusterId, name, ...(caCertificate !== undefined && { caCert: caCertificate }) };
  if (server !== undefined) {
    new digitalocean.DatabaseLogsinkRsyslog(
      logicalName,
      {
        ...common,
        server,
        port: port ?? syslogTlsPort,
        tls: true,
        format: "rfc5424",
        ...(clientCertificate !== undefined && { clientCert: clientCertificate, clientKey }),
      },
      { parent },
    );
  }
  if (endpoint !== undefined) {
    const { indexPrefix = name, retentionDays = 30 } = sink;
    new digitalocean.DatabaseLogsinkOpensearch(
      logicalName,
      { ...common, endpoint, indexPrefix, indexDaysMax: retentionDays },
      { parent },
    );
  }
}

/** A sink as it may be recorded in the state. */
export function withSecrets(sink: LogSink): LogSink {
  const { endpoint, clientKey } = sink;
  return {
    ...sink,
    ...(endpoint !== undefined && { endpoint: pulumi.secret(endpoint) }),
    ...(clientKey !== undefined && { clientKey: pulumi.secret(clientKey) }),
  };
}

/** What only one kind of sink has a use for. */
const ofServer = ["port", "clientCertificate", "clientKey"] as const;
const ofEndpoint = ["indexPrefix", "retentionDays"] as const;

/** Finds what is wrong with a {@link LogSink}. */
export function checkLogSink(checks: ArgumentChecks, sink: LogSink | undefined): void {
  if (sink === undefined) return;
  checkKind(checks, sink);
  if ((sink.clientCertificate === undefined) !== (sink.clientKey === undefined)) {
    const missing = sink.clientKey === undefined ? "clientKey" : "clientCertificate";
    checks.add(
      `logSink.${missing}`,
      "is missing, and the other half of the proof is given",
      "Give both or neither.",
    );
  }
  checks.check(
    "logSink.server",
    sink.server,
    (host) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host),
    (host) => `is "${host}", which is no host`,
    "Give a name or an address, without scheme and port.",
  );
  checks.range("logSink.port", sink.port, 1, 65_535);
  checks.check(
    "logSink.endpoint",
    sink.endpoint,
    (url) => /^https:\/\/[^/\s]+/.test(url),
    // It is not shown: a password may be in it.
    () => "is no address that begins with https://, and DigitalOcean sends a log to no other",
    "Give the whole address, as in https://search.example.com:9200.",
  );
  checks.check(
    "logSink.indexPrefix",
    sink.indexPrefix,
    (prefix) => /^[a-z0-9][a-z0-9_-]{0,99}$/.test(prefix),
    (prefix) => `is "${prefix}", which no index is called`,
    "Use up to 100 lower-case letters, digits, - and _, a letter or a digit first.",
  );
  checks.range("logSink.retentionDays", sink.retentionDays, 1, 10_000);
}

/** A sink is one thing or the other. */
function checkKind(checks: ArgumentChecks, sink: LogSink): void {
  const given = { server: sink.server !== undefined, endpoint: sink.endpoint !== undefined };
  if (given.server === given.endpoint) {
    const problem = given.server
      ? "has a server and an endpoint, and leads to one of them alone"
      : "has neither a server nor an endpoint";
    checks.add(
      "logSink",
      problem,
      "Give `server` for syslog, or `endpoint` for OpenSearch or Elasticsearch.",
    );
    return;
  }
  const [kind, useless] = given.server ? ["a syslog server", ofEndpoint] : ["an index", ofServer];
  for (const key of useless) {
    if (sink[key] !== undefined)
      checks.add(`logSink.${key}`, `is given, and ${kind} has no use for it`, "Leave it out.");
  }
}
