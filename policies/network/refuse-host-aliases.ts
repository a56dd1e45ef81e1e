import { podRule } from "../kubernetes/pods.ts";

export const refuseHostAliases = podRule({
  name: "refuse-host-aliases",
  description:
    "Names are found by DNS: a pod's own list of hosts leads round it, and nobody looks there when a name is wrong.",
  remedy: "take `hostAliases` out, and use a Service, of type `ExternalName` for what is outside",
  severity: "low",
  level: "advisory",
  references: [{ framework: "Trivy", id: "KSV-0007" }],
  check: ({ spec, path }, report) => {
    if ((spec.hostAliases ?? []).length > 0) report("it has names of its own", `${path}.hostAliases`);
  },
});
