import { permissionRule } from "./permissions.ts";

export const refuseShellsInPods = permissionRule({
  name: "refuse-shells-in-pods",
  description:
    "Nobody may run commands in pods, attach to them, add containers to them or call their ports past the network policies: it is to be every pod there is, with its secrets.",
  remedy: "take `pods/exec`, `pods/attach`, `pods/ephemeralcontainers` and `pods/portforward` out",
  severity: "high",
  references: [
    { framework: "Trivy", id: "KSV-0053" },
    { framework: "Trivy", id: "KSV-0054" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  problem: "it comes into pods",
  permissions: [
    {
      groups: [""],
      resources: ["pods/exec", "pods/attach", "pods/portforward"],
      verbs: ["create", "get", "update", "patch"],
    },
    { groups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
  ],
});
