import { containerRule } from "./pods.ts";

export const requireReadOnlyRoot = containerRule({
  name: "require-read-only-root",
  description: "A container cannot change its own image: what an intruder cannot write, he cannot run.",
  remedy: "set `readOnlyRootFilesystem: true` and mount an `emptyDir` where it must write",
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_22" },
    { framework: "Trivy", id: "KSV-0014" },
  ],
  check: ({ securityContext }, report, path) => {
    if (securityContext?.readOnlyRootFilesystem !== true) {
      report("its root file system can be written", `${path}.securityContext.readOnlyRootFilesystem`);
    }
  },
});
