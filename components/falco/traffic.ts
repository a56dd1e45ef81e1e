import { nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { declarePods } from "../kubernetes-cluster/traffic.ts";

/** Port of Falco's metrics and of its health. */
export const falcoPort = 8765;

/** Falco calls nobody: what it finds goes to its output, and to Prometheus, which asks for it. */
export const falcoTraffic = declarePods("falco", nodeAgentsNamespace, {
  listens: { metrics: { port: falcoPort, metrics: true } },
});
