import type { core } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

export const refuseNodePorts = resourceRule<core.v1.ServiceArgs>({
  name: "refuse-node-ports",
  description: "Services are reached through the edge: node ports and external addresses go round it.",
  remedy: "use `ClusterIP` behind the edge, or `LoadBalancer` for the edge itself",
  severity: "high",
  references: [
    { framework: "Trivy", id: "KSV-0108" },
    { framework: "kube-linter", id: "exposed-services" },
    { framework: "Gatekeeper library", id: "block-nodeport-services" },
    { framework: "Gatekeeper library", id: "externalip" },
  ],
  types: kindsOf("core", "Service"),
  check: ({ spec }, report) => {
    if (spec?.type === "NodePort") report("it opens a port on every node", "spec.type");
    if ((spec?.externalIPs ?? []).length > 0) report("it takes addresses over", "spec.externalIPs");
  },
});
