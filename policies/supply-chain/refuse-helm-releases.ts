import { resourceRule } from "../rule.ts";

export const refuseHelmReleases = resourceRule<object>({
  name: "refuse-helm-releases",
  description:
    "What a Helm release installs stays out of sight: no rule, no preview and no test sees its pods.",
  remedy: "write the resources themselves, or use `kubernetes.helm.v4.Chart`, which shows each of them",
  severity: "high",
  references: [{ framework: "SOC 2", id: "CC8.1" }],
  types: ["kubernetes:helm.sh/v3:Release"],
  check: (_release, report) => report("what it installs cannot be judged"),
});
