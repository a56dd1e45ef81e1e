import { Jaeger } from "../../components/jaeger/jaeger.ts";
import { OpenTelemetryCollector } from "../../components/opentelemetry-collector/opentelemetry-collector.ts";
import type { Context } from "./context.ts";
import type { Ground } from "./ground.ts";
import type { Namespaces } from "./namespaces.ts";

/** Where spans go, and where they are looked at. */
export interface Traces {
  readonly collector: OpenTelemetryCollector;
  readonly jaeger: Jaeger;
}

/** Sets who takes spans and who keeps them. */
export function composeTraces(
  { deployment, posture, ownership, protect, named, parties }: Context,
  { cluster, trafficOf }: Ground,
  { monitoring }: Namespaces,
): Traces {
  const common = { ownership, namespace: monitoring };
  const onCluster = { provider: cluster.provider };
  const jaeger = new Jaeger(
    named("jaeger"),
    { ...common, ...posture.traces.jaeger, traffic: trafficOf(parties.jaeger), protect },
    onCluster,
  );
  const collector = new OpenTelemetryCollector(
    named("traces"),
    {
      ...common,
      ...posture.traces.collector,
      traffic: trafficOf(parties.collector),
      jaeger: jaeger.spans,
      ...(deployment.browsers?.traces && { browserOrigins: [`https://${deployment.domain}`] }),
    },
    onCluster,
  );
  return { collector, jaeger };
}
