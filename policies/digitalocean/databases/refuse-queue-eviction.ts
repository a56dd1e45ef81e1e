import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../../rule.ts";
import { isGiven, referredTo } from "../links.ts";

const clusterType = "digitalocean:index/databaseCluster:DatabaseCluster";
const engines = ["redis", "valkey"];

/** The configurations of a cluster that can overrule what it says itself, and how each spells it. */
const configurations: Readonly<Record<string, string>> = {
  "digitalocean:index/databaseRedisConfig:DatabaseRedisConfig": "maxmemoryPolicy",
  "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig": "valkeyMaxmemoryPolicy",
};

export const refuseQueueEviction = stackRule({
  name: "refuse-queue-eviction",
  description:
    "A Valkey that is no cache never evicts: of a queue it would throw away jobs that were taken in, without a word, when its memory is full.",
  remedy:
    'set `evictionPolicy: "noeviction"`; a cache or a store of sessions says so in its name, a tag (`role:cache`) or its component\'s `role`',
  severity: "high",
  references: [{ framework: "SOC 2", id: "PI1.5" }],
  check: (resources, report) => {
    const kept = resources.filter((cluster) => isQueue(cluster, resources));
    for (const { urn, props } of kept) {
      if (evicts(props, "evictionPolicy"))
        report(urn, `evictionPolicy: it is ${props.evictionPolicy}, and nothing says that it is a cache`);
    }
    for (const configuration of resources) {
      const property = configurations[configuration.type];
      if (property === undefined || !evicts(configuration.props, property)) continue;
      const clusters = referredTo(configuration, "clusterId", clusterType);
      if (clusters.some(({ urn }) => kept.some((cluster) => cluster.urn === urn)))
        report(
          configuration.urn,
          `${property}: it is ${configuration.props[property]}, and nothing says that the cluster is a cache`,
        );
    }
  },
});

/** Left out, nothing is evicted. */
const evicts = (props: PolicyResource["props"], property: string): boolean =>
  isGiven(props, property) && props[property] !== "noeviction";

/** Whether a cluster of Valkey's keeps what must not go; which one does is said by its name, its tags or its component. */
function isQueue(
  { type, name, props, parent }: PolicyResource,
  resources: readonly PolicyResource[],
): boolean {
  if (type !== clusterType || !engines.includes(props.engine)) return false;
  const component = parent && resources.find(({ urn }) => urn === parent.urn);
  const said = [name, component?.props.role ?? "", ...(props.tags ?? [])].join(" ");
  return /queue|broker|celery|jobs?\b/i.test(said) || !/cache|session/i.test(said);
}
