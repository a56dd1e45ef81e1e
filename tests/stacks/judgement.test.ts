import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError, ArgumentErrors } from "../../components/errors.ts";
import { judgePlatform, platformRefusals } from "../../stacks/judgement.ts";
import type { Posture } from "../../stacks/posture.ts";
import { production } from "../../stacks/production.ts";
import { staging } from "../../stacks/staging.ts";
import { platformTraffic } from "../../stacks/traffic.ts";

/** A way to get production wrong: which component must say so, at which paths. */
interface Breach {
  readonly component: string;
  readonly paths: readonly string[];
  readonly change: Partial<Posture>;
}

const { cluster, application, quotas, edge, monitoring } = production;
const inPool = (pool: Partial<Posture["cluster"]["pools"][string]>): Partial<Posture> => ({
  cluster: {
    ...cluster,
    pools: { ...cluster.pools, workers: { size: "c-4", minimumNodes: 1, maximumNodes: 6, ...pool } },
  },
});
const inPostgres = (postgres: Partial<Posture["postgres"]>) => ({
  postgres: { ...production.postgres, ...postgres },
});
const inWorker = (worker: Partial<Posture["application"]["worker"]>) => ({
  application: { ...application, worker: { ...application.worker, ...worker } },
});

const inNeo4j = (neo4j: Partial<Posture["neo4j"]>) => ({ neo4j: { ...production.neo4j, ...neo4j } });

const breaches: Record<string, Breach> = {
  "a block too small for the ranges": {
    component: "network",
    paths: ["addressBlock"],
    change: { network: { addressBlock: "10.20.0.0/20", natGateway: true } },
  },
  "a block that another environment has": {
    component: "network",
    paths: ["neighbours.staging"],
    change: { network: { addressBlock: "10.16.0.0/14", natGateway: true } },
  },
  "a pool whose minimum exceeds its maximum": {
    component: "cluster",
    paths: ["pools.workers.maximumNodes"],
    change: inPool({ minimumNodes: 7 }),
  },
  "nodes with a GPU that the region lacks": {
    component: "cluster",
    paths: ["pools.workers.size"],
    change: inPool({ size: "gpu-h200x1-141gb" }),
  },
  "droplets with a GPU that the region lacks": {
    component: "gpu",
    paths: ["size"],
    change: { gpuPool: { size: "gpu-h200x1-141gb", count: 1 } },
  },
  "droplets without a GPU": {
    component: "gpu",
    paths: ["size", "count"],
    change: { gpuPool: { size: "s-4vcpu-8gb", count: 0 } },
  },
  "standby nodes that the size does not have": {
    component: "postgres",
    paths: ["standbyNodes"],
    change: inPostgres({ size: "db-s-1vcpu-1gb", readReplicas: {} }),
  },
  "a read replica in a region where the cluster's VPC is not": {
    component: "postgres",
    paths: ["readReplicas.replica-europe.vpcId"],
    change: inPostgres({ readReplicas: { "replica-europe": { region: "ams3" } } }),
  },
  "pools that ask for more connections than the size has": {
    component: "postgres",
    paths: ["pools"],
    change: inPostgres({ pools: { reports: { size: 200 } } }),
  },
  "more nodes than the engine takes": {
    component: "postgres",
    paths: ["standbyNodes", "standbyNodes"],
    change: inPostgres({ standbyNodes: 3 }),
  },
  "a Valkey of a size that only PostgreSQL has": {
    component: "valkey",
    paths: ["size"],
    change: { valkey: { size: "gd-2vcpu-8gb", standbyNodes: 1 } },
  },
  "a cache of its own, of a size and for a purpose that there are not": {
    component: "cache",
    paths: ["standbyNodes", "idleTimeoutSeconds"],
    change: {
      valkey: {
        ...production.valkey,
        cache: { size: "db-s-1vcpu-1gb", standbyNodes: 1, idleTimeoutSeconds: -1 },
      },
    },
  },
  "a part in a pool that is not there": {
    component: "app",
    paths: ["worker.pool"],
    change: inWorker({ pool: "worker" }),
  },
  "a range of replicas upside down, and less allowed than promised": {
    component: "app",
    paths: ["worker.replicas.maximum", "worker.resources.cpuLimit"],
    change: inWorker({
      replicas: { minimum: 11, maximum: 10 },
      resources: { cpu: "1", cpuLimit: "500m", memory: "1Gi" },
    }),
  },
  "a Neo4j cluster that cannot agree, with more memory than a node has": {
    component: "neo4j",
    paths: ["members", "resources.memory"],
    change: inNeo4j({ members: 2, resources: { cpu: "1", cpuLimit: "2", memory: "13Gi" } }),
  },
  "a Neo4j in a pool that is not there": {
    component: "neo4j",
    paths: ["pool"],
    change: inNeo4j({ pool: "memories", resources: { cpu: "1", cpuLimit: "2", memory: "4Gi" } }),
  },
  "a Neo4j whose server no node can hold, with processors that none has": {
    component: "neo4j",
    paths: ["resources.cpu", "resources.cpuLimit"],
    change: inNeo4j({ resources: { cpu: "2", cpuLimit: "4" } }),
  },
  "more members of a Neo4j than there are nodes": {
    component: "neo4j",
    paths: ["members"],
    change: inNeo4j({ members: 5, resources: { cpu: "500m", cpuLimit: "1", memory: "4Gi" } }),
  },
  "workers in the pool of the stores": {
    component: "cluster",
    paths: ["pools.memory.maximumNodes"],
    change: inWorker({ pool: "memory" }),
  },
  "samples that fit on no node that takes any pod": {
    component: "prometheus",
    paths: ["resources.cpuLimit", "resources.memory"],
    change: { monitoring: { ...monitoring, series: 1_500_000, diskGib: 500, replicas: 1 } },
  },
  "samples for longer than their disk holds them": {
    component: "prometheus",
    paths: ["diskGib"],
    change: { monitoring: { ...monitoring, retentionDays: 90 } },
  },
  "an edge without nginx": {
    component: "proxy",
    paths: ["replicas"],
    change: { edge: { ...edge, replicas: 0 } },
  },
  "a job that is done twice while its worker stops": {
    component: "gpu",
    paths: ["stopGraceSeconds"],
    change: { gpuPool: { size: "gpu-l40sx1-48gb", stopGraceSeconds: 7200, longestJobSeconds: 60 } },
  },
  "a quota that the stores outgrow": {
    component: "stores",
    paths: ["quota.pods"],
    change: { quotas: { ...quotas, stores: { cpu: "6", memory: "40Gi", pods: 1 } } },
  },
  "a load balancer without nodes": {
    component: "proxy",
    paths: ["loadBalancerNodes"],
    change: { edge: { ...edge, loadBalancerNodes: 0 } },
  },
  "logs that nobody keeps": {
    component: "loki",
    paths: ["retentionDays"],
    change: { logs: { ...staging.logs, retentionDays: 0 } },
  },
  "logs on two nodes, which no disk holds": {
    component: "elasticsearch",
    paths: ["members", "diskGib"],
    change: { logs: { ...production.logs, store: "elk", members: 2, gibPerDay: 50, diskGib: 60 } },
  },
  "samples on no disk": {
    component: "prometheus",
    paths: ["diskGib"],
    change: { monitoring: { ...monitoring, diskGib: 0 } },
  },
  "a quota that the application outgrows": {
    component: "application",
    paths: ["quota.cpu", "quota.memory", "quota.pods"],
    change: { quotas: { ...quotas, application: { cpu: "26", memory: "41Gi", pods: 46 } } },
  },
  "a quota with room for the application, and none for a release's candidate": {
    component: "application",
    paths: ["quota.cpu"],
    // Thirteen pods of the API, the last of which rolls, are 6.5 processors; a candidate takes as much again.
    change: { quotas: { ...quotas, application: { ...quotas.application, cpu: "20" } } },
  },
  "an elastic GPU pool of which nothing fits, and that nobody steers": {
    component: "gpu",
    paths: ["ceiling", "budgetUsdPerDay", "controller.image", "controller.token", "delivery.token"],
    change: {
      gpuPool: {
        mode: "elastic",
        size: "gpu-l40sx1-48gb",
        floor: 3,
        ceiling: 2,
        budgetUsdPerDay: 100,
        jobsPerDropletHour: 12,
      },
    },
  },
  "containers that may use more than a container may": {
    component: "monitoring",
    paths: ["quota.largestContainer.cpu", "quota.largestContainer.memory"],
    change: {
      quotas: {
        ...quotas,
        monitoring: { ...quotas.monitoring, largestContainer: { cpu: "1", memory: "1Gi" } },
      },
    },
  },
};

const images = {
  api: "example.com/api:1",
  web: "example.com/web:1",
  worker: "example.com/worker:1",
  healthMonitor: "example.com/health-monitor:1",
};

const judge = (
  posture: Posture,
  region = "tor1",
  licence: { neo4jLicence?: "yes" } = { neo4jLicence: "yes" },
) =>
  judgePlatform({
    deployment: { environment: posture === staging ? "staging" : "production", region, images, ...licence },
    posture,
    named: (thing) => `whisper-production-${thing}`,
    parties: platformTraffic(),
  });

/** What was refused, by component, in the order in which it is told. */
function refused(
  posture: Posture,
  region?: string,
  licence?: { neo4jLicence?: "yes" },
): Record<string, string[]> {
  try {
    judge(posture, region, licence);
  } catch (error) {
    const refusals = error instanceof ArgumentErrors ? error.refusals : [error];
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    return Object.fromEntries(
      refusals.map((refusal) => {
        if (!(refusal instanceof ArgumentError && error instanceof Error)) throw refusal;
        expect(error.message).toContain(refusal.message);
        for (const { problem, remedy } of refusal.faults) {
          expect(problem).toMatch(/^(is|has) /);
          expect(remedy).toMatch(/^[A-Z].*\.$/);
        }
        return [refusal.component.replace("whisper-production-", ""), refusal.faults.map(({ path }) => path)];
      }),
    );
  }
  return {};
}

describe("the judgement of an environment's sizes", () => {
  it.each([
    ["staging", staging],
    ["production", production],
  ])("passes %s", (_name, posture) => expect(refused(posture)).toEqual({}));

  it("refuses more nodes of Elasticsearch than there are machines for", () => {
    const resources = { cpu: "100m", cpuLimit: "1", memory: "2Gi" };
    const logs: Posture["logs"] = {
      store: "elk",
      members: 5,
      retentionDays: 7,
      gibPerDay: 1,
      diskGib: 20,
      resources,
    };
    expect(refused({ ...production, logs })).toEqual({ elasticsearch: ["members"] });
  });

  it.each(Object.entries(breaches))("refuses %s", (_name, { component, paths, change }) => {
    expect(refused({ ...production, ...change })).toEqual({ [component]: paths });
  });

  it("refuses a region that lacks what the platform is made of, of every component that needs it", () => {
    expect(refused(production, "sfo1")).toEqual({
      network: ["region"],
      cluster: ["region"],
      gpu: ["size"],
      postgres: ["region"],
      valkey: ["region"],
      registry: ["region"],
    });
  });

  it("refuses the enterprise edition of Neo4j until its licence is confirmed", () => {
    expect(refused(production, "tor1", {})).toEqual({ neo4j: ["licence"] });
    expect(refused(staging, "tor1", {})).toEqual({});
  });

  it("refuses an API and a front end of nobody, and lets workers wait", () => {
    const none = (part: Posture["application"]["api"]) => ({ ...part, replicas: 0 });
    const { api, web, worker } = application;
    const idle = { api: none(api), web: none(web), worker: none(worker) };
    expect(refused({ ...production, application: idle })).toEqual({ app: ["api.replicas", "web.replicas"] });
  });

  it("refuses what the operator decides of names, images and who is told, beside the sizes", () => {
    const deployment = {
      environment: "production",
      region: "tor1",
      neo4jLicence: "yes" as const,
      domain: "Whisper.example.com",
      images: { ...images, worker: "example.com/worker:latest" },
      pinImages: true,
      alerts: {
        emails: ["on-call"],
        slackChannel: "#alerts",
        workingHours: { timeZone: "UTC", from: "09:00", to: "18:00" },
      },
    };
    const posture = { ...production, cdn: { ttlSeconds: 90 } };
    const paths = (some: typeof deployment) =>
      platformRefusals(some, posture).map(({ component, faults }) => [
        component.replace("whisper-production-", ""),
        faults.map(({ path }) => path),
      ]);
    expect(paths(deployment)).toEqual([
      ["dns", ["domain"]],
      ["cdn", ["ttlSeconds"]],
      ["alerts", ["emails[0]", "slackWebhook"]],
      ["worker-image", ["reference"]],
    ]);
    expect(paths({ ...deployment, pinImages: false })).toHaveLength(3);
  });

  it("says the arithmetic of a quota that is too small", () => {
    const posture = { ...production, quotas: { ...quotas, edge: { cpu: "400m", memory: "4Gi", pods: 20 } } };
    // Three pods and one that rolls, of 100m and 10m.
    expect(() => judge(posture)).toThrow(
      /quota.cpu is 400m, and what runs there needs up to 0.44, a roll-out/,
    );
  });

  it("refuses a firewall of the control plane that would shut out everybody who deploys", () => {
    const controlPlaneFirewall = { enabled: true, deployerCidrs: ["10.0.0.7/32"] };
    const deployment = { environment: "production", region: "tor1", controlPlaneFirewall };
    const parties = platformTraffic();
    expect(() =>
      judgePlatform({ deployment, posture: production, named: (thing) => thing, parties }),
    ).toThrow(/controlPlaneFirewall.allowedRanges has no public IPv4 range/);
  });

  it("tells the faults of all components in one message, whichever come together", () => {
    const known = Object.values(breaches);
    const some = fc.uniqueArray(fc.constantFrom(...known), {
      minLength: 1,
      // Two that change one part of the posture would undo each other.
      selector: ({ change }) => Object.keys(change).join(),
    });
    fc.assert(
      fc.property(some, (chosen) => {
        const posture: Posture = Object.assign({}, production, ...chosen.map(({ change }) => change));
        const told = refused(posture);
        for (const { component, paths } of chosen) {
          expect(told[component]).toEqual(expect.arrayContaining([...paths]));
        }
      }),
    );
  });
});
