import { addressBlocks } from "./address-blocks.ts";
import type { Posture } from "./posture.ts";

/** Small and cheap: one of everything, nothing kept that cannot be made again. */
export const staging: Posture = {
  network: { addressBlock: addressBlocks.staging, natGateway: false },
  cluster: {
    highlyAvailable: false,
    pools: {
      general: { size: "s-4vcpu-8gb", minimumNodes: 1, maximumNodes: 2 },
      memory: { size: "s-2vcpu-4gb", minimumNodes: 1, maximumNodes: 1, dedicated: true },
    },
  },
  gpuPool: { mode: "fixed", size: "gpu-4000adax1-20gb", count: 1 },
  postgres: { size: "db-s-1vcpu-2gb", standbyNodes: 0 },
  valkey: { size: "db-s-1vcpu-1gb", standbyNodes: 0 },
  neo4j: {
    edition: "community",
    pool: "memory",
    resources: { cpu: "500m", cpuLimit: "2" },
    diskGib: 10,
  },
  registry: { tier: "professional" },
  application: {
    api: { replicas: 1, resources: { cpu: "250m", cpuLimit: "1", memory: "512Mi" } },
    web: { replicas: 1, resources: { cpu: "100m", cpuLimit: "1", memory: "256Mi" } },
    worker: { replicas: 1, resources: { cpu: "250m", cpuLimit: "1", memory: "512Mi" } },
  },
  quotas: {
    application: { cpu: "3", memory: "6Gi", pods: 20, largestContainer: { cpu: "1", memory: "1Gi" } },
    edge: { cpu: "1", memory: "1Gi", pods: 10, loadBalancers: 1 },
    monitoring: { cpu: "2", memory: "4Gi", pods: 20 },
    stores: { cpu: "2", memory: "3Gi", pods: 5 },
    logs: { cpu: "1", memory: "1Gi", pods: 4 },
  },
  edge: { replicas: 1, loadBalancerNodes: 1 },
  monitoring: { series: 30_000, retentionDays: 15, diskGib: 10, replicas: 1, history: { diskGib: 5 } },
  alertmanager: { replicas: 1 },
  cdn: { ttlSeconds: 3600 },
  traces: {
    collector: { ordinaryPercent: 100, resources: { cpu: "25m", cpuLimit: "500m", memory: "192Mi" } },
    jaeger: {
      retentionDays: 3,
      diskGib: 5,
      resources: { cpu: "25m", cpuLimit: "500m", memory: "256Mi" },
    },
  },
  logs: {
    store: "loki",
    retentionDays: 30,
    diskGib: 5,
    resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
  },
  protectStores: false,
};
