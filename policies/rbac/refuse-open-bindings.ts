import { bindingRule } from "./bindings.ts";

/** Who is meant by a name, and may not be given anything. */
const everybody: Readonly<Record<string, string>> = {
  "system:anonymous": "whoever calls without signing in",
  "system:unauthenticated": "whoever calls without signing in",
  "system:authenticated": "whoever has any account",
  "system:serviceaccounts": "every pod's account",
  "system:masters": "administrators whose rights nobody can take away",
};

/** What the group of all accounts of one namespace begins with. */
const accountsOf = "system:serviceaccounts:";

/** What Kubernetes itself gives everybody: to ask for its version and for what it serves. */
const harmless = ["system:public-info-viewer", "system:discovery", "system:basic-user"];

export const refuseOpenBindings = bindingRule({
  name: "refuse-open-bindings",
  description:
    "Roles are given to accounts that are named: not to whoever calls, not to every account, and not to the group whose rights cannot be taken back.",
  remedy: "name the account: `subjects: [{ kind: ServiceAccount, name, namespace }]`",
  severity: "critical",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.7" },
    { framework: "Trivy", id: "KSV-0122" },
    { framework: "Trivy", id: "KSV-0123" },
    { framework: "Trivy", id: "KSV-01011" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  check: (subject, report, path, { roleRef }) => {
    // An account's own name is made in the same change.
    if (subject.kind === "ServiceAccount") return;
    // A Role of a namespace may bear the same name, and give anything.
    if (roleRef.kind === "ClusterRole" && harmless.includes(roleRef.name)) return;
    const { name } = subject;
    const meant = meaningOf(name);
    if (meant !== undefined) report(`${name} is ${meant}`, `${path}.name`);
  },
});

function meaningOf(name: string): string | undefined {
  if (Object.hasOwn(everybody, name)) return everybody[name];
  return name.startsWith(accountsOf)
    ? `every pod's account in the namespace ${name.slice(accountsOf.length)}`
    : undefined;
}
