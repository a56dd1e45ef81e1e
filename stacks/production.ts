import { addressBlocks } from "./address-blocks.ts";
import type { Posture } from "./posture.ts";

/** Highly available and protected: whatever fails has a twin, and no store goes by mistake. */
export const production: Posture = {
  network: { addressBlock: addressBlocks.production, natGateway: true },
  cluster: {
    highlyAvailable: true,
    pools: {
      general: { size: "g-4vcpu-16gb", minimumNodes: 3, maximumNodes: 8 },
      // Three members of a store on a node each; a member whose node is lost finds a fourth.
      memory: { size: "m-2vcpu-16gb", minimumNodes: 3, maximumNodes: 4, dedicated: true },
      workers: { size: "c-4", minimumNodes: 1, maximumNodes: 6 },
    },
  },
  gpuPool: { mode: "fixed", size: "gpu-l40sx1-48gb", count: 2 },
  postgres: {
    size: "db-s-4vcpu-8gb",
    standbyNodes: 1,
    readReplicas: { replica: {} },
    // A full disk takes no writes; what is added is paid, and told by the bill.
    diskGrowth: { thresholdPercent: 80, incrementGib: 20 },
  },
  valkey: { size: "db-s-2vcpu-4gb", standbyNodes: 1 },
  neo4j: {
    edition: "enterprise",
    members: 3,
    pool: "memory",
    resources: { cpu: "1", cpuLimit: "2" },
    diskGib: 50,
  },
  registry: { tier: "professional" },
  application: {
    api: {
      replicas: { minimum: 3, maximum: 12 },
      resources: { cpu: "500m", cpuLimit: "2", memory: "1Gi" },
    },
    web: {
      replicas: { minimum: 2, maximum: 8 },
      resources: { cpu: "250m", cpuLimit: "1", memory: "512Mi" },
    },
    worker: {
      replicas: { minimum: 2, maximum: 10 },
      resources: { cpu: "1", cpuLimit: "2", memory: "1Gi" },
      pool: "workers",
    },
  },
  quotas: {
    application: { cpu: "32", memory: "56Gi", pods: 80, largestContainer: { cpu: "2", memory: "2Gi" } },
    edge: { cpu: "4", memory: "4Gi", pods: 20, loadBalancers: 1 },
    monitoring: { cpu: "6", memory: "24Gi", pods: 30 },
    stores: { cpu: "6", memory: "40Gi", pods: 10 },
    logs: { cpu: "3", memory: "16Gi", pods: 8 },
  },
  edge: { replicas: 3, loadBalancerNodes: 2 },
  monitoring: { series: 200_000, retentionDays: 15, diskGib: 100, replicas: 2, history: { diskGib: 5 } },
  alertmanager: { replicas: 2 },
  cdn: { ttlSeconds: 3600 },
  traces: {
    collector: { ordinaryPercent: 10, resources: { cpu: "250m", cpuLimit: "2", memory: "512Mi" } },
    jaeger: { retentionDays: 7, diskGib: 50, resources: { cpu: "250m", cpuLimit: "2", memory: "2Gi" } },
  },
  logs: {
    store: "elk",
    members: 3,
    retentionDays: 30,
    gibPerDay: 3,
    diskGib: 60,
    resources: { cpu: "500m", cpuLimit: "2", memory: "4Gi" },
  },
  protectStores: true,
};
