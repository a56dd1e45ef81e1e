import { unknown } from "../harness.ts";
import { type Breach, container, pod, type Sound } from "./breach.ts";
/** Breaches of the rules in `policies/identity/`. */
export const identityBreaches: readonly Breach[] = [
  ["refuse-idle-tokens", "deployment", `${pod}.automountServiceAccountToken`, undefined],

  ["refuse-idle-tokens", "deployment", `${pod}.automountServiceAccountToken`, true],
  ["refuse-idle-tokens", "cronJob", "spec.jobTemplate.spec.template.spec.automountServiceAccountToken", true],
  ["refuse-default-accounts", "binding", "subjects.0.name", "default"],
  [
    "refuse-default-accounts",
    "binding",
    "subjects.0",
    { kind: "User", name: "system:serviceaccount:whisper:default" },
  ],
  ["refuse-default-account-tokens", "account", "automountServiceAccountToken", undefined],
  ["refuse-default-account-tokens", "account", "automountServiceAccountToken", true],
  ...(["deployment", "service", "role", "configMap", "cronJob"] as const).flatMap((subject): Breach[] => [
    ["refuse-default-namespace", subject, "metadata.namespace", undefined],
    ["refuse-default-namespace", subject, "metadata.namespace", "default"],
  ]),
  ["refuse-system-namespaces", "deployment", "metadata.namespace", "kube-system"],
  ["refuse-system-namespaces", "job", "metadata.namespace", "kube-public"],
  ["require-high-user-ids", "deployment", `${pod}.securityContext.runAsUser`, 1000],
  ["require-high-group-ids", "deployment", `${pod}.securityContext.runAsGroup`, undefined],
  ["require-high-user-ids", "deployment", `${container}.securityContext.runAsUser`, 101],
  ["refuse-root-groups", "deployment", `${pod}.securityContext.runAsGroup`, 0],
  ["refuse-root-groups", "deployment", `${pod}.securityContext.fsGroup`, 0],
  ["refuse-root-groups", "deployment", `${pod}.securityContext.supplementalGroups`, [10001, 0]],
];

/** What those rules may not mind. */
export const identitySound: readonly Sound[] = [
  ["refuse-default-accounts", "binding", "subjects.0", { kind: "User", name: "default" }],
  [
    "refuse-default-accounts",
    "binding",
    "subjects.0",
    { kind: "User", name: "system:serviceaccount:default:exporter" },
  ],
  ["refuse-default-accounts", "binding", "subjects.0.name", unknown],
  ["refuse-default-account-tokens", "account", "metadata.name", "exporter"],
  ["refuse-default-namespace", "deployment", "metadata.namespace", "default-backend"],
  ["refuse-default-namespace", "deployment", "metadata.namespace", unknown],
  ["refuse-default-namespace", "namespace", "metadata.name", "another"],
  ["require-high-user-ids", "deployment", `${container}.securityContext.runAsUser`, 65_534],
  ["require-high-user-ids", "deployment", `${pod}.hostUsers`, false],
  ["refuse-root-groups", "nodeAgent", `${pod}.securityContext.fsGroup`, 0],
];
