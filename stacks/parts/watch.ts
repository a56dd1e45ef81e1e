import { dropletSizes } from "../../catalog/sizes.ts";
import { Alerting } from "../../components/alerting/alerting.ts";
import { Alertmanager } from "../../components/alertmanager/alertmanager.ts";
import type { ReceiverSecrets, Receivers } from "../../components/alertmanager/receivers.ts";
import { certificateModule, siteModule } from "../../components/exporters/blackbox.ts";
import { Falco } from "../../components/falco/falco.ts";
import type { DashboardFacts } from "../../components/grafana/dashboards/model.ts";
import {
  alertmanagerSource,
  historySource,
  jaegerSource,
  prometheusSource,
} from "../../components/grafana/data-sources.ts";
import { Grafana } from "../../components/grafana/grafana.ts";
import { historyIntervalSeconds } from "../../components/prometheus/history.ts";
import { Prometheus } from "../../components/prometheus/prometheus.ts";
import type { Deployment } from "../deployment.ts";
import type { Posture } from "../posture.ts";
import { type Context, publicNamesOf } from "./context.ts";
import { composeExporters } from "./exporters.ts";
import type { Ground } from "./ground.ts";
import type { Logs } from "./logs.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Stores } from "./stores.ts";
import type { Traces } from "./traces.ts";
import type { Workloads } from "./workloads.ts";

/** Those who watch, for whoever reports where they are. */
export interface Watch {
  readonly prometheus: Prometheus;
  readonly grafanaUrl: string;
}

/** Sets those who watch: for intruders, for figures, and for what DigitalOcean itself sees. */
export function composeWatch(
  context: Context,
  ground: Ground,
  stores: Stores,
  { neo4j, gpuControl, gpuSecretsNamespace }: Workloads,
  namespaces: Namespaces,
  { jaeger, sources, certified }: Traces & Logs,
): Watch {
  const { cluster, gpuPool, gpuMembership, trafficOf } = ground;
  const { postgres, valkey, cacheCluster } = stores;
  const { deployment, posture, ownership, protect, named, operatorsDomain, parties } = context;
  const grafanaUrl = `https://${operatorsDomain}/grafana`;
  const onCluster = { provider: cluster.provider };
  new Falco(
    named("falco"),
    {
      ownership,
      namespace: namespaces.nodeAgents,
      namespacePrefix: named(""),
      traffic: trafficOf(parties.falco),
    },
    onCluster,
  );
  const alertmanager = new Alertmanager(
    named("alertmanager"),
    {
      ownership,
      namespace: namespaces.monitoring,
      ...posture.alertmanager,
      protect,
      traffic: trafficOf(parties.alertmanager),
      ...receiversOf(deployment.alerts),
    },
    onCluster,
  );
  const publicNames = publicNamesOf(context);
  const { blackbox } = composeExporters(context, ground, stores, namespaces);
  const gpuWorker = parties.gpuWorker.at;
  const gpuMachines = gpuControl
    ? { discovery: gpuControl.discovery }
    : { addresses: gpuPool.privateAddresses };
  const prometheus = new Prometheus(
    named("prometheus"),
    {
      ownership,
      namespace: namespaces.monitoring,
      ...posture.monitoring,
      protect,
      traffic: trafficOf(parties.prometheus),
      historyTraffic: trafficOf(parties.prometheusHistory),
      alertmanagers: alertmanager.addresses,
      dashboards: grafanaUrl,
      targets: [
        namespaces.application,
        namespaces.edge,
        namespaces.stores,
        namespaces.monitoring,
        namespaces.nodeAgents,
        namespaces.logs,
        ...(gpuControl ? [gpuControl.namespace] : []),
        ...(gpuSecretsNamespace ? [gpuSecretsNamespace] : []),
      ],
      probes: { prober: blackbox.address, module: siteModule, addresses: Object.values(publicNames) },
      certificates: {
        prober: blackbox.address,
        module: certificateModule,
        addresses: [neo4j.address, ...certified],
      },
      databases: {
        [named("postgres")]: postgres.metrics,
        [named("valkey")]: valkey.metrics,
        ...(cacheCluster && { [named("cache")]: cacheCluster.metrics }),
      },
      machines: {
        "gpu-worker": { ...gpuMachines, port: gpuWorker.metrics.port },
        "gpu-worker-machine": { ...gpuMachines, port: gpuWorker.machineMetrics.port },
        "gpu-worker-gpu": { ...gpuMachines, port: gpuWorker.gpuMetrics.port },
      },
    },
    onCluster,
  );
  new Grafana(
    named("grafana"),
    {
      ownership,
      namespace: namespaces.monitoring,
      url: grafanaUrl,
      sources: [
        prometheusSource(prometheus.address, prometheus.scrapeIntervalSeconds),
        historySource(prometheus.historyAddress, historyIntervalSeconds),
        alertmanagerSource(alertmanager.address),
        jaegerSource(jaeger.address),
        ...sources,
      ],
      facts: dashboardFacts(deployment, posture),
      ...(deployment.grafanaSignIn && { signIn: deployment.grafanaSignIn }),
      traffic: trafficOf(parties.grafana),
    },
    onCluster,
  );
  const { emails, slackChannel, slackWebhook } = deployment.alerts;
  new Alerting(named("alerts"), {
    endpoints: publicNames,
    dropletTags: [gpuMembership.tag],
    databases: {
      postgres: postgres.watched,
      valkey: valkey.watched,
      ...(cacheCluster && { cache: cacheCluster.watched }),
    },
    emails,
    ...(slackChannel !== undefined && { slackChannel }),
    ...(slackWebhook !== undefined && { slackWebhook }),
  });
  return { prometheus, grafanaUrl };
}

/** What of the environment decides what the dashboards show. */
const dashboardFacts = (
  { gpuSecretsToken }: Deployment,
  { gpuPool, neo4j, logs }: Posture,
): DashboardFacts => ({
  gpuUsdPerHour: dropletSizes.find(({ slug }) => slug === gpuPool.size)?.hourlyUsd ?? 0,
  elasticGpuPool: gpuPool.mode === "elastic",
  gpuSecretsDelivered: gpuSecretsToken !== undefined,
  logsInElasticsearch: logs.store === "elk",
  neo4jTellsMetrics: neo4j.edition === "enterprise",
});

/** Whom Alertmanager tells, of those whom the operator names. */
function receiversOf({ emails, slackChannel, smtp, heartbeatUrl, ...alerts }: Deployment["alerts"]): {
  readonly receivers: Receivers;
  readonly secrets: ReceiverSecrets;
} {
  const { slackWebhook, smtpPassword, pagerDuty, pagerDutyRoutingKey, escalation, workingHours } = alerts;
  return {
    receivers: {
      ...(slackChannel !== undefined && { slack: { channel: slackChannel } }),
      ...(smtp && { email: { to: emails, server: smtp } }),
      ...(pagerDuty && { pagerDuty }),
      ...(escalation && { escalation }),
      ...(heartbeatUrl && { heartbeat: true }),
      workingHours,
    },
    secrets: {
      ...(slackWebhook && { slack: slackWebhook }),
      ...(smtpPassword && { email: smtpPassword }),
      ...(pagerDutyRoutingKey && { pagerDuty: pagerDutyRoutingKey }),
      ...(heartbeatUrl && { heartbeat: heartbeatUrl }),
    },
  };
}
