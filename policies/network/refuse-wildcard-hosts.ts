import type { networking } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";
import { isIngress } from "./ingress.ts";

export const refuseWildcardHosts = resourceRule<networking.v1.IngressArgs>({
  name: "refuse-wildcard-hosts",
  description:
    "An ingress says for which hosts it answers: with a star, or with none, it takes over what others are asked.",
  remedy: 'write the host of each rule: `host: "api.example.com"`',
  severity: "medium",
  references: [{ framework: "Gatekeeper library", id: "block-wildcard-ingress" }],
  types: isIngress,
  check: ({ spec }, report) => {
    const { rules = [], defaultBackend } = spec ?? {};
    if (defaultBackend !== undefined && rules.length === 0)
      report("it answers for every host", "spec.defaultBackend");
    for (const [index, { host = "" }] of rules.entries()) {
      if (host === "" || host.includes("*"))
        report(`it answers for ${host || "every host"}`, `spec.rules[${index}].host`);
    }
  },
});
