import { podRule } from "../kubernetes/pods.ts";

export const refuseHostProcesses = podRule({
  name: "refuse-host-processes",
  description: "No container of Windows runs as a process of its node: it would be its administrator.",
  remedy: "take `windowsOptions: { hostProcess: true }` out",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Trivy", id: "KSV-0103" },
  ],
  check: (pod, report) => {
    for (const { context, path } of pod.securityContexts()) {
      if (context.windowsOptions?.hostProcess ?? false)
        report("it is a process of the node", `${path}.windowsOptions.hostProcess`);
    }
  },
});
