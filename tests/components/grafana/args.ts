import {
  alertmanagerSource,
  historySource,
  prometheusSource,
} from "../../../components/grafana/data-sources.ts";
import type { GrafanaArgs } from "../../../components/grafana/grafana.ts";
import { silence } from "../../../components/traffic/network-policy.ts";
import { ownership } from "../fixtures.ts";

/** A provider with groups of every role. */
export const signIn = {
  providerName: "Okta",
  clientId: "0oa1b2c3d4",
  clientSecret: "secret-of-the-client",
  authorizationUrl: "https://id.example.com/oauth2/v1/authorize",
  tokenUrl: "https://id.example.com/oauth2/v1/token",
  userInfoUrl: "https://id.example.com/oauth2/v1/userinfo",
  groups: { admin: ["platform"], editor: ["on-call", "support"], viewer: ["engineering"] },
};

/** A Grafana with all that it can have. */
export const grafanaArgs = (): GrafanaArgs => ({
  ownership,
  namespace: { name: "monitoring", guards: [] },
  url: "https://ops.whisper.example.com/grafana",
  sources: [
    prometheusSource("http://prometheus.monitoring.svc.cluster.local:9090", 30),
    historySource("http://prometheus-history.monitoring.svc.cluster.local:9090", 60),
    alertmanagerSource("http://alertmanager.monitoring.svc.cluster.local:9093"),
  ],
  facts: {
    gpuUsdPerHour: 1.57,
    elasticGpuPool: true,
    gpuSecretsDelivered: true,
    logsInElasticsearch: true,
    neo4jTellsMetrics: true,
  },
  signIn,
  traffic: silence,
});
