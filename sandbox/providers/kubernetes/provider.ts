import type { CallContext, Provider, ProviderSession } from "../kit/provider.ts";
import type { PropertyMap } from "../kit/values.ts";
import { clusterAccess } from "./cluster/access.ts";
import { ClusterPool } from "./cluster/cluster-pool.ts";
import { checkConfiguration, diffConfiguration, readConfiguration } from "./configuration.ts";
import { KubernetesSession, type SessionOptions } from "./session.ts";

/** The version of the vendor's plugin whose behaviour this is. */
const VERSION = "4.34.2";

/** The stand-in for pulumi-kubernetes: every kind that the API server of a kubeconfig serves. */
export function createKubernetesProvider(): Provider {
  const clusters = new ClusterPool();
  return {
    name: "kubernetes",
    version: VERSION,
    schema: () => ({ name: "kubernetes", version: VERSION }),
    checkConfig: async ({ inputs }) => ({ inputs, failures: checkConfiguration(inputs) }),
    diffConfig: async (request) => diffConfiguration(request),
    configure: (config, call) => configure(clusters, config, call),
  };
}

/** A cluster that cannot be reached is no error yet: it may be that nothing of it is asked for. */
async function configure(
  clusters: ClusterPool,
  config: PropertyMap,
  call: CallContext,
): Promise<ProviderSession> {
  const configuration = readConfiguration(config);
  const { reach, namespace, release } = await open(clusters, configuration, call);
  const defaultNamespace = configuration.namespace ?? namespace;
  return new KubernetesSession({ configuration, reach, defaultNamespace, release });
}

async function open(
  clusters: ClusterPool,
  configuration: SessionOptions["configuration"],
  call: CallContext,
): Promise<Pick<SessionOptions, "reach" | "release"> & { namespace: string }> {
  try {
    const access = clusterAccess(configuration.access);
    const lease = clusters.lease(access);
    const reach = await lease.cluster.reach(call.signal).then(
      () => ({ cluster: lease.cluster }),
      (error: unknown) => ({ unreachable: messageOf(error) }),
    );
    return { reach, namespace: access.namespace, release: lease.release };
  } catch (error) {
    return { reach: { unreachable: messageOf(error) }, namespace: "default", release: async () => undefined };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
