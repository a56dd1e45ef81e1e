import { permissionRule } from "./permissions.ts";

export const refuseNodeProxies = permissionRule({
  name: "refuse-node-proxies",
  description:
    "Nobody may call kubelets through the API: they run commands in every pod of their node, and no admission or audit sees it.",
  remedy: "name what is read of nodes: `nodes/metrics`, `nodes/stats`",
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.10" },
    { framework: "Trivy", id: "KSV-0047" },
  ],
  problem: "it calls kubelets",
  permissions: [
    { groups: [""], resources: ["nodes/proxy"], verbs: ["get", "create", "update", "patch", "delete"] },
  ],
});
