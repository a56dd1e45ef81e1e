import type { rbac, types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { kindsOf } from "../kubernetes/kinds.ts";
import { type Rule, type RuleDetails, resourceRule } from "../rule.ts";

/** What a role must not allow. */
interface Permission {
  /** The API groups of the resources; `""` is the oldest one, of pods and Secrets. */
  readonly groups: readonly string[];
  /** By their plural names, subresources as `pods/exec`. */
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

/** A rule that refuses some permissions in roles. A star stands for each of them. */
export function permissionRule({
  problem,
  permissions,
  ...details
}: RuleDetails & { readonly permissions: readonly Permission[]; readonly problem: string }): Rule {
  return resourceRule<rbac.v1.RoleArgs>({
    ...details,
    types: isRole,
    check: ({ rules }, report) => {
      for (const [index, rule] of (rules ?? []).entries()) {
        for (const permission of permissions) {
          const { verbs, resources } = heldOf(rule, permission);
          if (verbs.length > 0 && resources.length > 0)
            report(`${problem}: ${verbs.join(", ")} on ${resources.join(", ")}`, `rules[${index}]`);
        }
      }
    },
  });
}

type RoleRule = Unwrap<types.input.rbac.v1.PolicyRule>;

/** What a rule of a role gives of a permission, as it writes it. */
function heldOf(
  { apiGroups = [], resources = [], verbs = [], resourceNames = [] }: RoleRule,
  { groups, resources: wanted, verbs: refused, byNameAllowed = false }: Permission,
): { readonly verbs: readonly string[]; readonly resources: readonly string[] } {
  const isNamed = byNameAllowed && resourceNames.length > 0;
  // Without groups it allows nothing; who looks at it sees the resources alone.
  const isThere =
    apiGroups.length === 0 || apiGroups.some((group) => group === "*" || groups.includes(group));
  if (isNamed || !isThere) return { verbs: [], resources: [] };
  return {
    verbs: verbs.filter((verb) => verb === "*" || refused.includes(verb)),
    resources: resources.filter((pattern) => wanted.some((one) => stands(pattern, one))),
  };
}

// `*` is all, `pods/*` the subresources of pods, and a star before a slash is that subresource of everything.
/** Whether what a role writes stands for a resource. */
const stands = (pattern: string, resource: string): boolean =>
  pattern === "*" ||
  pattern === resource ||
  (pattern.endsWith("/*") && resource.startsWith(pattern.slice(0, -1))) ||
  (pattern.startsWith("*/") && resource.endsWith(pattern.slice(1)));
