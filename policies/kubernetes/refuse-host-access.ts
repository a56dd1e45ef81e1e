import { type PodSpec, podRule } from "./pods.ts";

export const refuseHostAccess = podRule({
  name: "refuse-host-access",
  description:
    "Pods stay off their node: no host namespaces, paths or ports. A node agent reads the paths that the catalogue allows it.",
  remedy: "use a volume, a Service or an `emptyDir`; node-level agents belong in a namespace of their own",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Checkov", id: "CKV_K8S_17" },
    { framework: "Trivy", id: "KSV-0023" },
  ],
  check: (pod, report, path, { agent }) => {
    for (const namespace of ["hostPID", "hostIPC", "hostNetwork"] as const) {
      if (pod[namespace] === true) report("it shares the node's namespace", `${path}.${namespace}`);
    }
    for (const volume of pod.volumes ?? []) {
      if (volume.hostPath === undefined) continue;
      const where = `${path}.volumes[${volume.name}]`;
      if (!Object.keys(agent?.hostPaths ?? {}).includes(volume.hostPath.path))
        report(`it mounts ${volume.hostPath.path} of the node`, where);
      else if (canWrite(pod, volume.name)) report(`it can write ${volume.hostPath.path} of the node`, where);
    }
    for (const container of [...(pod.initContainers ?? []), ...(pod.containers ?? [])]) {
      const hostPort = (container.ports ?? []).find((port) => port.hostPort !== undefined);
      if (hostPort !== undefined)
        report(
          `it takes port ${hostPort.hostPort} of the node`,
          `${path}.containers[${container.name}].ports`,
        );
    }
  },
});

function canWrite({ initContainers = [], containers }: PodSpec, volume: string): boolean {
  return [...initContainers, ...containers].some(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name, readOnly }) => name === volume && readOnly !== true),
  );
}
