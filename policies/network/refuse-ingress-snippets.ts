import type { networking } from "@pulumi/kubernetes";
import { ifKnown } from "../kubernetes/known.ts";
import { resourceRule } from "../rule.ts";
import { isIngress } from "./ingress.ts";

const prefix = "nginx.ingress.kubernetes.io/";

/** Of the community's controller and of nginx' maker's. */
const snippet = /^nginx\.(ingress\.kubernetes\.io|org)\/.*-snippets?$/;

/** Whose annotations become lines of nginx' configuration. */
const controllers = /^nginx\.(ingress\.kubernetes\.io|org)\//;

/** What reads files, runs Lua or looks for an account's token, in whatever value of the controller's. */
const harmful = /\b(alias|root)\b[^;]*;|_by_lua|\/etc\/(passwd|shadow)|\/var\/run\/secrets/;

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
  types: isIngress,
  check: ({ metadata }, report) => {
    const annotations: Readonly<Record<string, unknown>> = metadata?.annotations ?? {};
    for (const key of Object.keys(annotations)) {
      const path = `metadata.annotations["${key}"]`;
      // Its name decides: whether the value is known yet does not matter.
      if (snippet.test(key)) report("it brings lines of configuration", path);
      if (!controllers.test(key)) continue;
      const value = String(ifKnown(annotations, key) ?? "");
      const isAddress = addresses.includes(key.slice(prefix.length));
      if (harmful.test(value) || (isAddress && injected.test(value)))
        report("its value would be read as lines of configuration", path);
    }
  },
});
