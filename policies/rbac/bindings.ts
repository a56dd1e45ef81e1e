import type { rbac } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { kindsOf } from "../kubernetes/kinds.ts";
import { type Report, type Rule, type RuleDetails, resourceRule } from "../rule.ts";

type Binding = Unwrap<rbac.v1.RoleBindingArgs>;
type Subject = NonNullable<Binding["subjects"]>[number];

const isBinding = kindsOf("rbac.authorization.k8s.io", "RoleBinding", "ClusterRoleBinding");

/** A rule that judges who is given a role: each subject of each binding, with its path. */
export function bindingRule({
  check,
  ...details
}: RuleDetails & {
  readonly check: (subject: Subject, report: Report, path: string, binding: Binding) => void;
}): Rule {
  return resourceRule<rbac.v1.RoleBindingArgs>({
    ...details,
    types: isBinding,
    check: (binding, report) => {
      for (const [index, subject] of (binding.subjects ?? []).entries())
        check(subject, report, `subjects[${index}]`, binding);
    },
  });
}
