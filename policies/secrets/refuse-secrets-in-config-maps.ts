import type { core } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { knownEntries } from "../kubernetes/known.ts";
import { resourceRule } from "../rule.ts";
import { isSecret, secretsInScript } from "./texts.ts";

export const refuseSecretsInConfigMaps = resourceRule<core.v1.ConfigMapArgs>({
  name: "refuse-secrets-in-config-maps",
  description:
    "Secrets are in Secret objects: a ConfigMap is read by whoever looks after the application, and its contents are shown in every preview.",
  remedy:
    "put the value into a Secret, and let the configuration name the file or the variable: `password_file: /run/secrets/password`",
  severity: "high",
  references: [
    { framework: "Trivy", id: "KSV-0109" },
    { framework: "Kubescape", id: "C-0012" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  types: kindsOf("core", "ConfigMap"),
  check: ({ data }, report) => {
    for (const [key, text] of knownEntries(data ?? {})) {
      if (typeof text !== "string") continue;
      const path = `data["${key}"]`;
      for (const what of secretsInScript(text)) report(`it holds ${what}`, path);
      if (!text.includes("\n") && isSecret(key, text)) report("its name is a secret's", path);
    }
  },
});
