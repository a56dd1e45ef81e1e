import { alertmanagerResources } from "../components/alertmanager/stateful-set.ts";
import type { PartSize } from "../components/application/arguments.ts";
import { migrationResources } from "../components/application/migrations.ts";
import { edgeResources } from "../components/edge/edge.ts";
import { setUpResources } from "../components/elasticsearch/set-up.ts";
import type { ArgumentChecks } from "../components/errors.ts";
import { exporterResources } from "../components/exporters/exporter.ts";
import { nodeExporterResources } from "../components/exporters/node-exporter.ts";
import { falcoResources } from "../components/falco/falco.ts";
import { grafanaResources } from "../components/grafana/deployment.ts";
import { healthMonitorResources } from "../components/health-monitor/health-monitor.ts";
import { kibanaResources } from "../components/kibana/kibana.ts";
import { gib, quantity } from "../components/kubernetes-quantities.ts";
import { logShippingResources } from "../components/log-shipping/log-shipping.ts";
import { checkQuota, largestContainerOf, type Quota } from "../components/namespace/quota.ts";
import { membersOf, resourcesOf } from "../components/neo4j/arguments.ts";
import { historySeries } from "../components/prometheus/history.ts";
import { resourcesFor } from "../components/prometheus/sizing.ts";
import type { Resources } from "../components/workload/pod.ts";
import type { Replicas } from "../components/workload/sizing.ts";
import { neo4jNodeSize } from "./neo4j-nodes.ts";
import type { Posture } from "./posture.ts";

/** Equal pods of a namespace, as many as there are at most. */
export interface Pods {
  readonly count: number;
  /** Pool that they name; absent where any takes them. */
  readonly pool: string | undefined;
  /** Of each container. */
  readonly resources: readonly Resources[];
}

/** Pods of a Deployment: one more than its replicas while it rolls. */
const rolling = (replicas: Replicas, resources: readonly Resources[], pool?: string): Pods => ({
  count: (typeof replicas === "number" ? replicas : replicas.maximum) + 1,
  pool,
  resources,
});

/** What each node agent is promised; Falco is the largest. */
const agents: readonly Resources[] = [falcoResources, logShippingResources, nodeExporterResources];

/** How many exporters there are: of PostgreSQL, of Valkey and of a cache's cluster, of the public names, of Kubernetes, of logs. */
const exporters = 6;

/**
 * What the namespace of node agents may ask for: one of each on every node that there can be, and on as many again,
 * which an upgrade brings up before the old ones go.
 */
export function nodeAgentsQuota({ pools }: Posture["cluster"]): Quota {
  const nodes = 1 + Object.values(pools).reduce((sum, { maximumNodes }) => sum + maximumNodes, 0);
  const most = 2 * nodes;
  const sum = (read: (resources: Resources) => number) =>
    agents.reduce((all, resources) => all + read(resources), 0);
  return {
    cpu: `${Math.ceil(most * sum(({ cpu }) => quantity(cpu) ?? 0))}`,
    memory: `${Math.ceil(most * sum(({ memory }) => gib(memory)))}Gi`,
    pods: most * agents.length,
    largestContainer: { cpu: falcoResources.cpuLimit, memory: falcoResources.memory },
  };
}

/** The store of logs, and with Elasticsearch what sets it up and shows it. */
function podsOfLogs(logs: Posture["logs"]): Pods[] {
  if (logs.store === "loki") return [{ count: 1, pool: undefined, resources: [logs.resources] }];
  return [
    { count: logs.members, pool: undefined, resources: [logs.resources] },
    rolling(1, [kibanaResources]),
    { count: 1, pool: undefined, resources: [setUpResources] },
  ];
}

/** What runs in each namespace at most, while a release is on its way in: its candidate is as large as what it replaces. */
export function podsOf(posture: Posture): Record<keyof Posture["quotas"], Pods[]> {
  const { application, edge, monitoring, alertmanager, traces, neo4j, logs } = posture;
  const neo4jResources = resourcesOf({ ...neo4j, nodeSize: neo4jNodeSize(posture) });
  const ofPart = ({ replicas, resources, pool }: PartSize) => rolling(replicas, [resources], pool);
  const anywhere = (resources: Resources): Pods => ({ count: 1, pool: undefined, resources: [resources] });
  return {
    application: [
      ...Object.values(application).map(ofPart),
      ofPart(application.api),
      anywhere(migrationResources),
    ],
    edge: [rolling(edge.replicas, Object.values(edgeResources))],
    monitoring: [
      { ...anywhere(resourcesFor(monitoring.series)), count: monitoring.replicas },
      anywhere(resourcesFor(historySeries)),
      { ...anywhere(alertmanagerResources), count: alertmanager.replicas },
      rolling(1, [grafanaResources]),
      { ...anywhere(exporterResources), count: exporters },
      anywhere(healthMonitorResources),
      rolling(1, [traces.collector.resources]),
      anywhere(traces.jaeger.resources),
    ],
    stores: [{ count: membersOf(neo4j), pool: neo4j.pool, resources: [neo4jResources] }],
    logs: podsOfLogs(logs),
  };
}

/**
 * Finds what of a namespace's quota is less than what runs in it: the last pods would never start, and a release's
 * candidate would never be complete.
 */
export function checkNamespaceQuota(
  checks: ArgumentChecks,
  namespace: keyof Posture["quotas"],
  posture: Posture,
): void {
  const quota = posture.quotas[namespace];
  checkQuota(checks, quota);
  const pods = podsOf(posture)[namespace];
  const most = (read: (resources: Resources) => number) =>
    pods.reduce(
      (sum, { count, resources }) => sum + count * resources.reduce((all, each) => all + read(each), 0),
      0,
    );
  const enough = (key: "cpu" | "memory" | "pods", given: number, needed: number, unit: string) => {
    const rounded = Math.ceil(needed * 100) / 100;
    checks.check(
      `quota.${key}`,
      quota[key],
      () => given >= needed,
      (value) =>
        `is ${value}, and what runs there needs up to ${rounded}${unit}, a roll-out and a release's candidate included`,
      `Give at least ${rounded}${unit}, or run less.`,
    );
  };
  enough(
    "cpu",
    quantity(quota.cpu) ?? 0,
    most(({ cpu }) => quantity(cpu) ?? 0),
    "",
  );
  enough(
    "memory",
    gib(quota.memory) || 0,
    most(({ memory }) => gib(memory) || 0),
    "Gi",
  );
  enough(
    "pods",
    quota.pods,
    pods.reduce((sum, { count }) => sum + count, 0),
    "",
  );
  const largest = largestContainerOf(quota);
  const resources = pods.flatMap((pod) => pod.resources);
  const reaches = (key: "cpu" | "memory", needed: number, given: number) =>
    checks.check(
      `quota.largestContainer.${key}`,
      largest[key],
      () => given >= needed,
      (value) => `is ${value}, and a container there may use ${needed}${key === "memory" ? "Gi" : ""}`,
      "Raise it, or allow the container less.",
    );
  reaches(
    "cpu",
    Math.max(...resources.map(({ cpuLimit }) => quantity(cpuLimit) ?? 0)),
    quantity(largest.cpu) ?? 0,
  );
  reaches("memory", Math.max(...resources.map(({ memory }) => gib(memory) || 0)), gib(largest.memory) || 0);
}
