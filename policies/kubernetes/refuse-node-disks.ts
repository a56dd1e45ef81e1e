import type { core } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

export const refuseNodeDisks = resourceRule<core.v1.PersistentVolumeArgs>({
  name: "refuse-node-disks",
  description:
    "A volume is a disk of the cloud: one that is a folder of a node reaches what no standard for pods lets them reach, and is lost with the node.",
  remedy: "ask for a PersistentVolumeClaim of the class `do-block-storage`",
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.9" },
    { framework: "Trivy", id: "KSV-0023" },
  ],
  types: kindsOf("core", "PersistentVolume"),
  check: ({ spec }, report) => {
    for (const source of ["hostPath", "local"] as const) {
      const folder = spec?.[source];
      if (folder) report(`it is ${folder.path} of a node`, `spec.${source}`);
    }
  },
});
