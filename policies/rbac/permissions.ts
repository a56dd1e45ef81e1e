import type { rbac } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { type Rule, type RuleDetails, resourceRule } from "../rule.ts";

/** What a role must not allow. */
interface Permission {
  /** By their plural names, subresources as `pods/exec`; `*` where any counts. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /**
   * Whether it may be allowed on resources that are named one by one.
   * @default false
   */
  readonly byNameAllowed?: boolean;
}

/** Roles, of a namespace and of the cluster. */
export const isRole = kindsOf("rbac.authorization.k8s.io", "Role", "ClusterRole");

/**
 * A rule that refuses some permissions in roles. A star for verbs stands for each of them; one for resources is
 * another rule's.
 */
export function permissionRule({
  problem,
  permissions,
  ...details
}: RuleDetails & { readonly permissions: readonly Permission[]; readonly problem: string }): Rule {
  return resourceRule<rbac.v1.RoleArgs>({
    ...details,
    types: isRole,
    check: ({ rules }, report) => {
      for (const [index, { resources = [], verbs = [], resourceNames = [] }] of (rules ?? []).entries()) {
        for (const permission of permissions) {
          if (permission.byNameAllowed === true && resourceNames.length > 0) continue;
          const held = verbs.filter((verb) => verb === "*" || permission.verbs.includes(verb));
          const on = permission.resources.includes("*")
            ? resources
            : resources.filter((resource) => permission.resources.includes(resource));
          if (held.length > 0 && on.length > 0)
            report(`${problem}: ${held.join(", ")} on ${on.join(", ")}`, `rules[${index}]`);
        }
      }
    },
  });
}
