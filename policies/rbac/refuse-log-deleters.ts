import { permissionRule } from "./permissions.ts";

export const refuseLogDeleters = permissionRule({
  name: "refuse-log-deleters",
  description: "Nobody may delete logs or events: what happened must be there to be read.",
  remedy: "take `delete` of `pods/log` and `events` out",
  severity: "medium",
  references: [
    { framework: "Trivy", id: "KSV-0042" },
    { framework: "NSA/CISA", id: "Audit logging and threat detection" },
  ],
  problem: "it deletes what happened",
  permissions: [
    {
      groups: ["", "events.k8s.io"],
      resources: ["pods/log", "events"],
      verbs: ["delete", "deletecollection"],
    },
  ],
});
