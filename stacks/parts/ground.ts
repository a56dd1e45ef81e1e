import { DnsZone } from "../../components/dns-zone/dns-zone.ts";
import { Firewall } from "../../components/firewall/firewall.ts";
import { GpuPool } from "../../components/gpu-pool/gpu-pool.ts";
import type { FirewallMembership } from "../../components/joints.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster/kubernetes-cluster.ts";
import { Network } from "../../components/network/network.ts";
import type { Party } from "../../components/traffic/declaration.ts";
import { dropletTraffic } from "../../components/traffic/firewall-rules.ts";
import { type PodTraffic, podTraffic } from "../../components/traffic/network-policy.ts";
import { planTraffic, type TrafficPlan } from "../../components/traffic/plan.ts";
import { neighboursOf } from "../address-blocks.ts";
import { clusterReach } from "../judgement.ts";
import { namespacesOf } from "../traffic.ts";
import type { Context } from "./context.ts";
import { type RunningImages, runningImages } from "./images.ts";

/** The queue of Celery's that GPU workers take their jobs from. */
export const gpuQueue = "transcription";

/** All queues of jobs; the second is Celery's own name for what is put into none in particular. */
export const jobQueues = [gpuQueue, "celery"] as const;

/** What everything else stands on: network, name and machines. */
export interface Ground {
  readonly network: Network;
  readonly dns: DnsZone;
  /** What is let through; nothing else is. */
  readonly plan: TrafficPlan;
  /** What a workload may connect to, and what to it. */
  readonly trafficOf: (party: Party) => PodTraffic;
  /** What of the application runs, on droplets and on the cluster. */
  readonly images: RunningImages;
  readonly cluster: KubernetesCluster;
  readonly gpuPool: GpuPool;
  /** Makes a droplet one of the GPU workers, as firewalls and alerts see it. */
  readonly gpuMembership: FirewallMembership;
}

/** Lays the network and puts the machines on it. */
export function composeGround(context: Context): Ground {
  const { deployment, posture, ownership, protect, named, parties } = context;
  const { environment, region, domain } = deployment;
  const network = new Network(named("network"), {
    region,
    ...posture.network,
    neighbours: neighboursOf(environment),
  });
  const { placement } = network;
  const dns = new DnsZone(named("dns"), { domain });
  const plan = planTraffic(parties.everybody, {
    addresses: placement.addresses,
    namespaces: namespacesOf(named),
    operatorRanges: deployment.adminCidrs,
  });
  const images = runningImages(named, deployment);
  const cluster = new KubernetesCluster(named("cluster"), {
    ownership,
    placement,
    ...posture.cluster,
    ...clusterReach(deployment),
    destroyLeftovers: !protect,
  });
  const { membership } = new Firewall(named("gpu-firewall"), dropletTraffic(plan, parties.gpuWorker));
  const gpuPool = new GpuPool(
    named("gpu"),
    {
      ownership,
      placement,
      firewall: membership,
      ...posture.gpuPool,
      workerImage: images.gpuWorker,
      operatorKeys: deployment.operators,
      secretsDelivered: deployment.gpuSecretsToken !== undefined,
      ...(deployment.gpuLogTarget !== undefined && { logTarget: { host: deployment.gpuLogTarget } }),
      metricsPort: parties.gpuWorker.at.metrics.port,
      settings: { ENVIRONMENT: environment, CELERY_QUEUES: gpuQueue },
    },
    { dependsOn: [network, ...images.prerequisites] },
  );
  const trafficOf = (party: Party) => podTraffic(plan, party);
  return { network, dns, plan, trafficOf, images, cluster, gpuPool, gpuMembership: membership };
}
