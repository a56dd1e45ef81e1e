import { declarePods } from "../kubernetes-cluster/traffic.ts";
import { declareParty, type Endpoint } from "../traffic/declaration.ts";
import { internet, operators } from "../traffic/outside.ts";
import { gpuMetricsPort, nodeMetricsPort } from "./metrics-exporters.ts";
import { workerMetricsPort } from "./worker-unit.ts";

/** Whom the GPU workers call. */
interface GpuWorkerCalls {
  readonly database: Endpoint;
  readonly queue: Endpoint;
  /** Whether they send what they log to a server of syslog. */
  readonly sendsLogs: boolean;
}

/**
 * What the GPU workers listen on, and whom they call. They take their jobs from the queue, so nobody but operators and
 * whoever collects metrics connects to them.
 */
export function gpuWorkerTraffic({ database, queue, sendsLogs }: GpuWorkerCalls) {
  return declareParty(
    "gpu-worker",
    { kind: "droplets" },
    {
      listens: {
        ssh: { port: 22, openTo: [{ who: operators, purpose: "sign in" }] },
        metrics: { port: workerMetricsPort, metrics: true },
        machineMetrics: { port: nodeMetricsPort, metrics: true },
        gpuMetrics: { port: gpuMetricsPort, metrics: true },
      },
      calls: [
        { to: database, purpose: "jobs and transcripts" },
        { to: queue, purpose: "jobs" },
        { to: internet.at.https, purpose: "images, recordings and models" },
        { to: internet.at.http, purpose: "packages" },
        { to: internet.at.names, purpose: "names" },
        { to: internet.at.time, purpose: "time" },
        ...(sendsLogs ? [{ to: internet.at.syslog, purpose: "what they log" }] : []),
      ],
    },
  );
}

/** Port on which the controller tells its metrics, its health and where the droplets are. */
export const controllerPort = 8080;

/** What the controller is called on the network. */
export const controllerTrafficName = "gpu-pool-controller";

/** What the controller of an elastic pool listens on, and whom it calls. */
export function gpuPoolControllerTraffic({ queue }: Pick<GpuWorkerCalls, "queue">) {
  return declarePods(controllerTrafficName, "gpu-control", {
    listens: { http: { port: controllerPort, metrics: true } },
    calls: [
      { to: queue, purpose: "length of the queue" },
      { to: internet.at.https, purpose: "DigitalOcean's API" },
    ],
  });
}

/** What whoever delivers the workers' secrets is called on the network. */
export const deliveryTrafficName = "gpu-secrets-delivery";

/** What whoever delivers the workers' secrets listens on, and whom he calls. */
export function gpuSecretsDeliveryTraffic({ ssh }: { readonly ssh: Endpoint }) {
  return declarePods(deliveryTrafficName, "gpu-secrets", {
    listens: { http: { port: controllerPort, metrics: true } },
    calls: [
      { to: ssh, purpose: "secrets" },
      { to: internet.at.https, purpose: "DigitalOcean's API" },
    ],
  });
}

/** What lets droplets go, once others work, is called so on the network. */
export const rolloutTrafficName = "gpu-rollout";

/** Whom that calls which lets droplets go once others work. */
export function gpuRolloutTraffic({ ssh, metrics }: { readonly ssh: Endpoint; readonly metrics: Endpoint }) {
  return declarePods(rolloutTrafficName, "gpu-secrets", {
    calls: [
      { to: ssh, purpose: "state of the worker, and its end" },
      { to: metrics, purpose: "whether the worker answers" },
      { to: internet.at.https, purpose: "DigitalOcean's API" },
    ],
  });
}
