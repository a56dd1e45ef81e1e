import { permissionRule } from "./permissions.ts";

export const refuseVolumeMakers = permissionRule({
  name: "refuse-volume-makers",
  description:
    "Nobody may make volumes of the cluster: one can be a folder of a node, which no standard for pods sees.",
  remedy: "ask for a PersistentVolumeClaim: its storage class makes the volume",
  severity: "medium",
  references: [{ framework: "CIS Kubernetes", id: "5.1.9" }],
  problem: "it makes volumes",
  permissions: [{ groups: [""], resources: ["persistentvolumes"], verbs: ["create", "update", "patch"] }],
});
