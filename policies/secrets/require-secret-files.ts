import { podRule } from "../kubernetes/pods.ts";

export const requireSecretFiles = podRule({
  name: "require-secret-files",
  description:
    "Secrets are read from files: what is in the environment is inherited by every child, and printed by many a crash. Advice, because not every program can.",
  remedy: "mount the Secret as a volume, and name the file: `PASSWORD_FILE: /run/secrets/password`",
  severity: "low",
  level: "advisory",
  references: [
    { framework: "CIS Kubernetes", id: "5.4.1" },
    { framework: "Checkov", id: "CKV_K8S_35" },
    { framework: "kube-linter", id: "read-secret-from-env-var" },
  ],
  check: (pod, report) => {
    for (const { container, path } of pod.containers()) {
      const { env = [], envFrom = [] } = container;
      if (env.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom.some(({ secretRef }) => secretRef))
        report("a Secret is in the environment", `${path}.env`);
    }
  },
});
