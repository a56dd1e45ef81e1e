import type { NodeAgent } from "../../catalog/node-agents.ts";
import { type PodSpec, podRule } from "../kubernetes/pods.ts";

export const refuseHostPaths = podRule({
  name: "refuse-host-paths",
  description:
    "Pods stay off their node's disk, and so off its container runtime. A node agent reads the paths that the catalogue allows it, and writes to the folders that are its own there.",
  remedy: "use a PersistentVolumeClaim, a ConfigMap or an `emptyDir`",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "CIS Kubernetes", id: "5.2.12" },
    { framework: "Checkov", id: "CKV_K8S_27" },
    { framework: "Trivy", id: "KSV-0006" },
    { framework: "Trivy", id: "KSV-0023" },
  ],
  check: ({ spec, path, agent }, report) => {
    for (const { name, hostPath } of spec.volumes ?? []) {
      if (!hostPath) continue;
      const where = `${path}.volumes[${name}]`;
      const access = accessTo(hostPath.path, agent);
      if (access === "none") report(`it mounts ${hostPath.path} of the node`, where);
      if (access === "read" && canWrite(spec, name))
        report(`it can write ${hostPath.path} of the node`, where);
    }
  },
});

/** What the catalogue lets a node agent do with a path of its node; others nothing. */
function accessTo(path: string, agent: NodeAgent | undefined): "none" | "read" | "write" {
  if (Object.keys(agent?.ownFolders ?? {}).includes(path)) return "write";
  return Object.keys(agent?.hostPaths ?? {}).includes(path) ? "read" : "none";
}

function canWrite({ initContainers, containers }: PodSpec, volume: string): boolean {
  return [...(initContainers ?? []), ...containers].some(({ volumeMounts }) =>
    (volumeMounts ?? []).some(({ name, readOnly }) => name === volume && readOnly !== true),
  );
}
