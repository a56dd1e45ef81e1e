import { permissionRule } from "./permissions.ts";

export const refuseTrafficManagers = permissionRule({
  name: "refuse-traffic-managers",
  description:
    "Who may change Services, ingresses, network policies or the settings of others leads their traffic elsewhere. Advice, because controllers are made for it.",
  remedy: "name the object: `resourceNames: [...]`, or leave changes to an `up`",
  severity: "medium",
  level: "advisory",
  references: [
    { framework: "Trivy", id: "KSV-0049" },
    { framework: "Trivy", id: "KSV-0056" },
  ],
  problem: "it changes what others are reached by",
  permissions: [
    {
      groups: ["", "networking.k8s.io", "discovery.k8s.io", "extensions"],
      resources: ["services", "endpoints", "endpointslices", "networkpolicies", "ingresses", "configmaps"],
      verbs: ["create", "update", "patch", "delete", "deletecollection", "impersonate"],
      byNameAllowed: true,
    },
  ],
});
