import { declareParty, type Endpoint } from "../traffic/declaration.ts";
import { internet, operators } from "../traffic/outside.ts";
import { gpuMetricsPort, nodeMetricsPort } from "./metrics-exporters.ts";
import { workerMetricsPort } from "./worker-unit.ts";

/** Whom the GPU workers call. */
interface GpuWorkerCalls {
  readonly database: Endpoint;
  readonly queue: Endpoint;
}

/**
 * What the GPU workers listen on, and whom they call. They take their jobs from the queue, so nobody but operators and
 * whoever collects metrics connects to them.
 */
export function gpuWorkerTraffic({ database, queue }: GpuWorkerCalls) {
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
      ],
    },
  );
}
