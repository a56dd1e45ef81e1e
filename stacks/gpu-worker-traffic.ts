import type { FirewallArgs } from "../components/firewall/firewall.ts";
import type { AddressPlan } from "../components/joints.ts";

const everywhere = ["0.0.0.0/0", "::/0"];

/**
 * What reaches a GPU worker and what it reaches. It takes its jobs from the queue, so nobody but the operators
 * and Prometheus connects to it.
 */
export function gpuWorkerTraffic(operatorCidrs: readonly string[], { vpc }: AddressPlan): FirewallArgs {
  return {
    inbound: [
      { protocol: "tcp", ports: 22, peers: operatorCidrs, purpose: "operators" },
      { protocol: "tcp", ports: 9100, peers: [vpc], purpose: "metrics, from the cluster's nodes" },
    ],
    outbound: [
      { protocol: "tcp", ports: [25_060, 25_061], peers: [vpc], purpose: "PostgreSQL, its pool, and Valkey" },
      { protocol: "tcp", ports: 443, peers: everywhere, purpose: "images, recordings, models" },
      { protocol: "tcp", ports: 80, peers: everywhere, purpose: "packages" },
      { protocol: "udp", ports: 53, peers: everywhere, purpose: "names" },
      { protocol: "udp", ports: 123, peers: everywhere, purpose: "time" },
    ],
  };
}
