import type { core } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { ifKnown } from "../kubernetes/known.ts";
import { resourceRule } from "../rule.ts";
import { isSecret, isSecretName, secretsInScript } from "./texts.ts";

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
    const texts: Readonly<Record<string, unknown>> = data ?? {};
    for (const key of Object.keys(texts)) {
      const path = `data["${key}"]`;
      const text = ifKnown(texts, key);
      // What is only known after the change is made for it: no path and no switch, which programs write down.
      if (text === undefined && isSecretName(key)) report("its name is a secret's", path);
      if (typeof text !== "string") continue;
      for (const what of secretsInScript(text)) report(`it holds ${what}`, path);
      if (!text.includes("\n") && isSecret(key, text)) report("its name is a secret's", path);
    }
  },
});
