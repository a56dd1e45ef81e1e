import { syslogTlsPort } from "../syslog.ts";

/** Where droplets send what they log: a syslog server with TLS, as rsyslog, Vector, Logstash and most services have it. */
export interface LogTarget {
  /** Its name, which its certificate must bear, signed by an authority that Ubuntu trusts. @example "logs.example.com" */
  readonly host: string;
  /** Port of syslog over TLS. @default 6514 */
  readonly port?: number;
}

/** What a journal may take: it outlives a reboot, and cannot fill the disk. Containers write there too. */
export const journalSettings = [
  "[Journal]",
  "Storage=persistent",
  "SystemMaxUse=4G",
  "SystemKeepFree=10G",
  "MaxRetentionSec=30day",
  // To rsyslog.
  "ForwardToSyslog=yes",
  "",
].join("\n");

/**
 * Configuration of rsyslog, which gets what the journal gets, to send it on. While the server cannot be reached, a queue on
 * the disk keeps up to a gibibyte.
 */
export function shippingSettings({ host, port = syslogTlsPort }: LogTarget): string {
  const parameters = {
    type: "omfwd",
    target: host,
    port: String(port),
    protocol: "tcp",
    template: "RSYSLOG_SyslogProtocol23Format",
    StreamDriver: "gtls",
    StreamDriverMode: "1",
    StreamDriverAuthMode: "x509/name",
    StreamDriverPermittedPeers: host,
    "queue.type": "LinkedList",
    "queue.filename": "shipping",
    "queue.maxDiskSpace": "1g",
    "queue.saveOnShutdown": "on",
    "action.resumeRetryCount": "-1",
  };
  const written = Object.entries(parameters).map(([name, value]) => `  ${name}="${value}"`);
  return [
    'global(DefaultNetstreamDriverCAFile="/etc/ssl/certs/ca-certificates.crt")',
    `action(\n${written.join("\n")}\n)`,
    "",
  ].join("\n");
}
