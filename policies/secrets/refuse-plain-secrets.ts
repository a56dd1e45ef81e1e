import { secretName } from "../../catalog/secret-names.ts";
import { ifKnown } from "../kubernetes/known.ts";
import { containerRule } from "../kubernetes/pods.ts";
import { credentialsIn } from "./texts.ts";

export const refusePlainSecrets = containerRule({
  name: "refuse-plain-secrets",
  description:
    "Secrets come from Secret objects: a value in a pod's environment is read by everyone who may list pods.",
  remedy: "use `valueFrom: { secretKeyRef: { name, key } }` or `envFrom: [{ secretRef: { name } }]`",
  severity: "high",
  references: [
    { framework: "Kubescape", id: "C-0012" },
    { framework: "kube-linter", id: "env-var-secret" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  check: ({ env }, report, path) => {
    for (const variable of env ?? []) {
      if (!("value" in variable)) continue;
      const where = `${path}.env[${variable.name}]`;
      const value = ifKnown(variable, "value");
      // No secret itself is what is put together from other variables, `$(USER):$(PASSWORD)`, or an address without a password.
      const isHarmless = typeof value === "string" && /\$\(|^[\w:+.-]+:\/\/[^@]*$/.test(value);
      // Its name decides: whether the value is known yet does not matter.
      if (secretName.test(variable.name) && !isHarmless) report("the value stands in the pod", where);
      else if (typeof value === "string") {
        for (const what of credentialsIn(value)) report(`it holds ${what}`, where);
      }
    }
  },
});
