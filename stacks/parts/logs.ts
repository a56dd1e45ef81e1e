import { LogShipping } from "../../components/log-shipping/log-shipping.ts";
import { Loki } from "../../components/loki/loki.ts";
import type { Buckets } from "./buckets.ts";
import type { Context } from "./context.ts";
import type { Ground } from "./ground.ts";
import type { Namespaces } from "./namespaces.ts";

/** Keeps logs, and has them sent from every node. */
export function composeLogs(
  { posture, ownership, protect, named, parties }: Context,
  { cluster, trafficOf }: Ground,
  buckets: Buckets,
  namespaces: Namespaces,
): void {
  const onCluster = { provider: cluster.provider };
  const { store } = new Loki(
    named("loki"),
    {
      ownership,
      namespace: namespaces.logs,
      bucket: buckets.logs.grants.store,
      ...posture.logs,
      protect,
      traffic: trafficOf(parties.loki),
    },
    onCluster,
  );
  new LogShipping(
    named("log-shipping"),
    {
      ownership,
      namespace: namespaces.nodeAgents,
      store,
      namePrefix: named(""),
      traffic: trafficOf(parties.logShipping),
    },
    onCluster,
  );
}
