import { resourcesRule } from "./resources.ts";

export const requireCpuLimits = resourcesRule({
  name: "require-cpu-limits",
  description:
    "A container that may take every processor makes its neighbours slow. Advice, because one with a limit is slow where processors are free.",
  remedy: 'set `resources: { limits: { cpu: "2" } }`',
  severity: "low",
  level: "advisory",
  references: [
    { framework: "Checkov", id: "CKV_K8S_11" },
    { framework: "Trivy", id: "KSV-0011" },
  ],
  bound: "limits",
  resource: "cpu",
});
