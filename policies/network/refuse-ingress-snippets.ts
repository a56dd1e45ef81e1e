import type { networking } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { knownEntries } from "../kubernetes/known.ts";
import { resourceRule } from "../rule.ts";

const prefix = "nginx.ingress.kubernetes.io/";

/** What ends a directive of nginx, or begins another, in a value that is no more than an address or a name. */
const injected = /[;|{}\n\r#`]|\b(lua_|alias\b|root\b|load_module\b)/;
const addresses = ["auth-url", "auth-signin", "auth-tls-match-cn", "mirror-target", "mirror-host"];

export const refuseIngressSnippets = resourceRule<networking.v1.IngressArgs>({
  name: "refuse-ingress-snippets",
  description:
    "An ingress brings no lines of nginx's configuration: with some of them it reads every Secret that the controller may read (CVE-2021-25742, CVE-2025-1974).",
  remedy: `take the annotation \`${prefix}...-snippet\` out, and say it in the controller's own settings`,
  severity: "high",
  references: [
    { framework: "Checkov", id: "CKV_K8S_152" },
    { framework: "Checkov", id: "CKV_K8S_153" },
    { framework: "Checkov", id: "CKV_K8S_154" },
  ],
  types: kindsOf("networking.k8s.io", "Ingress"),
  check: ({ metadata }, report) => {
    for (const [key, value] of knownEntries(metadata?.annotations ?? {})) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length);
      const path = `metadata.annotations["${key}"]`;
      if (name.endsWith("-snippet")) report("it brings lines of configuration", path);
      else if (addresses.includes(name) && injected.test(String(value)))
        report("its value would be read as lines of configuration", path);
    }
  },
});
