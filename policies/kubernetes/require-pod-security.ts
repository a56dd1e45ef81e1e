import type { core } from "@pulumi/kubernetes";
import { nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { resourceRule } from "../rule.ts";
import { isOfNodeAgents } from "./pods.ts";

const label = "pod-security.kubernetes.io/enforce";

export const requirePodSecurity = resourceRule<core.v1.NamespaceArgs>({
  name: "require-pod-security",
  description:
    "Every namespace enforces a Pod Security Standard, so that the cluster refuses what a review missed; but for the one of node agents, of which rules let in what the catalogue names.",
  remedy: `label the namespace \`${label}: restricted\``,
  severity: "high",
  references: [{ framework: "CIS Kubernetes", id: "5.2.1" }],
  types: ["kubernetes:core/v1:Namespace"],
  check: ({ metadata }, report) => {
    const level = metadata?.labels?.[label];
    if (level === undefined) report("it enforces no standard", `metadata.labels["${label}"]`);
    else if (level === "privileged" && !isForNodeAgents(metadata))
      report("it enforces nothing", `metadata.labels["${label}"]`);
  },
});

/** What a namespace is judged by. */
interface Metadata {
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** By its name and by what it says it is for: one alone could be chance. */
const isForNodeAgents = (metadata: Metadata | undefined): boolean =>
  isOfNodeAgents(metadata?.name) && metadata?.labels?.["app.kubernetes.io/name"] === nodeAgentsNamespace;
