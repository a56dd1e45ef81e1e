import { type PodSpec, podRule } from "../pods.ts";

export const refuseHostPaths = podRule({
  name: "refuse-host-paths",
  description:
    "Pods stay off their node's disk, and so off its container runtime. A node agent reads the paths that the catalogue allows it.",
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
      if (!Object.keys(agent?.hostPaths ?? {}).includes(hostPath.path))
        report(`it mounts ${hostPath.path} of the node`, where);
      else if (canWrite(spec, name)) report(`it can write ${hostPath.path} of the node`, where);
    }
  },
});

function canWrite({ initContainers, containers }: PodSpec, volume: string): boolean {
  return [...(initContainers ?? []), ...containers].some(({ volumeMounts }) =>
    (volumeMounts ?? []).some(({ name, readOnly }) => name === volume && readOnly !== true),
  );
}
