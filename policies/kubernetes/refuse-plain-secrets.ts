import { secretName } from "../../catalog/secret-names.ts";
import { containerRule } from "./pods.ts";

export const refusePlainSecrets = containerRule({
  name: "refuse-plain-secrets",
  description:
    "Secrets come from Secret objects: a value in a pod's environment is read by everyone who may list pods.",
  remedy: "use `valueFrom: { secretKeyRef: { name, key } }` or `envFrom: [{ secretRef: { name } }]`",
  severity: "high",
  references: [
    { framework: "Checkov", id: "CKV_K8S_35" },
    { framework: "CIS Kubernetes", id: "5.4.1" },
  ],
  check: ({ env }, report, path) => {
    for (const variable of env ?? []) {
      // Its name decides: whether the value is known yet does not matter.
      if (secretName.test(variable.name) && "value" in variable)
        report("the value stands in the pod", `${path}.env[${variable.name}]`);
    }
  },
});
