import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "../errors.ts";

/** A syslog server that is sent a database's log, line by line. */
export interface LogSink {
  /** @example "logs.internal.example.com" */
  readonly server: pulumi.Input<string>;
  /** @default 6514, syslog over TLS */
  readonly port?: number;
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

const syslogOverTls = 6514;

/** Sends a cluster's log to a syslog server, always by TLS: statements in it show what they are about. */
export function createLogSink(
  logicalName: string,
  { name, clusterId, server, port, caCertificate }: LogSink & SinkPlace,
  parent: pulumi.Resource,
): void {
  new digitalocean.DatabaseLogsinkRsyslog(
    logicalName,
    {
      clusterId,
      name,
      server,
      port: port ?? syslogOverTls,
      tls: true,
      format: "rfc5424",
      ...(caCertificate !== undefined && { caCert: caCertificate }),
    },
    { parent },
  );
}

/** Finds what is wrong with a {@link LogSink}. */
export function checkLogSink(checks: ArgumentChecks, sink: LogSink | undefined): void {
  checks.check(
    "logSink.server",
    sink?.server,
    (host) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host),
    (host) => `is "${host}", which is no host`,
    "Give a name or an address, without scheme and port.",
  );
  checks.range("logSink.port", sink?.port, 1, 65_535);
}
