import { podRule } from "./pods.ts";

export const refuseHostAccess = podRule({
  name: "refuse-host-access",
  description: "Pods stay off their node: no host namespaces, paths or ports.",
  remedy: "use a volume, a Service or an `emptyDir`; node-level agents belong in a namespace of their own",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Checkov", id: "CKV_K8S_17" },
    { framework: "Trivy", id: "KSV-0023" },
  ],
  check: (pod, report, path) => {
    for (const namespace of ["hostPID", "hostIPC", "hostNetwork"] as const) {
      if (pod[namespace] === true) report("it shares the node's namespace", `${path}.${namespace}`);
    }
    for (const volume of pod.volumes ?? []) {
      if (volume.hostPath !== undefined)
        report(`it mounts ${volume.hostPath.path} of the node`, `${path}.volumes[${volume.name}]`);
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
