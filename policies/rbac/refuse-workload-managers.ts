import { permissionRule } from "./permissions.ts";

const workloads = [
  "pods",
  "deployments",
  "daemonsets",
  "statefulsets",
  "replicasets",
  "replicationcontrollers",
  "jobs",
  "cronjobs",
];

export const refuseWorkloadManagers = permissionRule({
  name: "refuse-workload-managers",
  description:
    "Who may make or change pods may mount every Secret and take every account of their namespace. Advice, because controllers and autoscalers are made for it.",
  remedy: "name the workload: `resourceNames: [...]`, or leave changes to an `up`",
  severity: "medium",
  level: "advisory",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.4" },
    { framework: "Trivy", id: "KSV-0048" },
  ],
  problem: "it makes pods",
  permissions: [
    {
      groups: ["", "apps", "batch", "extensions"],
      resources: workloads,
      verbs: ["create", "update", "patch", "delete", "deletecollection", "impersonate"],
      byNameAllowed: true,
    },
  ],
});
