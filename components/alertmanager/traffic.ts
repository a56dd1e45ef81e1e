import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Call, Endpoint } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";
import type { MailServer } from "./receivers.ts";

/** Ports on which Alertmanager answers: to Prometheus and operators, and to its equals. */
export const alertmanagerPorts = { http: 9093, gossip: 9094 } as const;

const party = "alertmanager";

const gossip = (["tcp", "udp"] as const).map(
  (protocol): Call => ({
    to: { party, protocol, port: alertmanagerPorts.gossip },
    purpose: "what is silenced, and what was told",
  }),
);

/** What decides whom Alertmanager calls. */
export interface AlertmanagerCalls {
  /** Whether anybody is told by HTTPS: Slack, PagerDuty, or who waits for a sign of life. */
  readonly byHttps: boolean;
  /** Port of the mail server. @default nobody is told by e-mail */
  readonly mailPort?: MailServer["port"] | undefined;
}

/** Alertmanager, which calls those who tell people, and its equals; one that is alone has none. */
export function alertmanagerTraffic({ byHttps, mailPort }: AlertmanagerCalls) {
  const mail: Record<MailServer["port"], Endpoint> = { 2525: internet.at.mail, 587: internet.at.submission };
  return declarePods(party, "monitoring", {
    listens: {
      http: { port: alertmanagerPorts.http, metrics: true },
      gossip: { port: alertmanagerPorts.gossip },
      gossipDatagrams: { port: alertmanagerPorts.gossip, protocol: "udp" },
    },
    calls: [
      ...(byHttps ? [{ to: internet.at.https, purpose: "Slack, PagerDuty and the sign of life" }] : []),
      ...(mailPort ? [{ to: mail[mailPort], purpose: "e-mail" }] : []),
      ...gossip,
    ],
  });
}
