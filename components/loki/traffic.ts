import { declarePods } from "../kubernetes-cluster/traffic.ts";
import { internet } from "../traffic/outside.ts";

/** Port on which Loki takes logs, answers questions and tells its metrics. */
export const lokiPort = 3100;

/** Loki, which keeps in a bucket what it is sent. */
export const lokiTraffic = declarePods("loki", "logs", {
  listens: { http: { port: lokiPort, metrics: true } },
  calls: [{ to: internet.at.https, purpose: "chunks of logs in the bucket" }],
});
