import { refuseDefaultAccountTokens } from "../identity/refuse-default-account-tokens.ts";
import { refuseDefaultAccounts } from "../identity/refuse-default-accounts.ts";
import { refuseDefaultNamespace } from "../identity/refuse-default-namespace.ts";
import { refuseIdleTokens } from "../identity/refuse-idle-tokens.ts";
import { refuseRootGroups } from "../identity/refuse-root-groups.ts";
import { refuseSystemNamespaces } from "../identity/refuse-system-namespaces.ts";
import { requireHighGroupIds } from "../identity/require-high-group-ids.ts";
import { requireHighUserIds } from "../identity/require-high-user-ids.ts";
import { refuseDanglingReferences } from "../network/refuse-dangling-references.ts";
import { refuseDanglingSelectors } from "../network/refuse-dangling-selectors.ts";
import { refuseHostAliases } from "../network/refuse-host-aliases.ts";
import { refuseIngressSnippets } from "../network/refuse-ingress-snippets.ts";
import { refuseNodePorts } from "../network/refuse-node-ports.ts";
import { refuseWildcardHosts } from "../network/refuse-wildcard-hosts.ts";
import { requireEncryptedEdge } from "../network/require-encrypted-edge.ts";
import { requireIngressTls } from "../network/require-ingress-tls.ts";
import { requireNetworkPolicies } from "../network/require-network-policies.ts";
import { refuseClusterAdmins } from "../rbac/refuse-cluster-admins.ts";
import { refuseImpersonation } from "../rbac/refuse-impersonation.ts";
import { refuseLogDeleters } from "../rbac/refuse-log-deleters.ts";
import { refuseNodeProxies } from "../rbac/refuse-node-proxies.ts";
import { refuseOpenBindings } from "../rbac/refuse-open-bindings.ts";
import { refuseRightsEscalation } from "../rbac/refuse-rights-escalation.ts";
import { refuseRoleManagers } from "../rbac/refuse-role-managers.ts";
import { refuseSecretReaders } from "../rbac/refuse-secret-readers.ts";
import { refuseShellsInPods } from "../rbac/refuse-shells-in-pods.ts";
import { refuseTokenMakers } from "../rbac/refuse-token-makers.ts";
import { refuseTrafficManagers } from "../rbac/refuse-traffic-managers.ts";
import { refuseVolumeMakers } from "../rbac/refuse-volume-makers.ts";
import { refuseWebhookManagers } from "../rbac/refuse-webhook-managers.ts";
import { refuseWildcardResources } from "../rbac/refuse-wildcard-resources.ts";
import { refuseWildcardVerbs } from "../rbac/refuse-wildcard-verbs.ts";
import { refuseWorkloadManagers } from "../rbac/refuse-workload-managers.ts";
import { refuseBlockingBudgets } from "../reliability/refuse-blocking-budgets.ts";
import { refuseFixedReplicas } from "../reliability/refuse-fixed-replicas.ts";
import { refuseNakedPods } from "../reliability/refuse-naked-pods.ts";
import { refuseOverlappingRuns } from "../reliability/refuse-overlapping-runs.ts";
import { requireAutoscalerMinimum } from "../reliability/require-autoscaler-minimum.ts";
import { requireCpuLimits } from "../reliability/require-cpu-limits.ts";
import { requireCpuRequests } from "../reliability/require-cpu-requests.ts";
import { requireDisruptionBudgets } from "../reliability/require-disruption-budgets.ts";
import { requireJobCleanUp } from "../reliability/require-job-clean-up.ts";
import { requireJobDeadlines } from "../reliability/require-job-deadlines.ts";
import { requireLivenessProbes } from "../reliability/require-liveness-probes.ts";
import { requireMemoryLimits } from "../reliability/require-memory-limits.ts";
import { requireMemoryRequests } from "../reliability/require-memory-requests.ts";
import { requirePriority } from "../reliability/require-priority.ts";
import { requireReadinessProbes } from "../reliability/require-readiness-probes.ts";
import { requireReplicas } from "../reliability/require-replicas.ts";
import { requireRollingUpdates } from "../reliability/require-rolling-updates.ts";
import { requireSpread } from "../reliability/require-spread.ts";
import type { RuleGroup } from "../rule.ts";
import { refuseClusterConsoles } from "../supply-chain/refuse-cluster-consoles.ts";
import { refuseHelmReleases } from "../supply-chain/refuse-helm-releases.ts";
import { refuseUnknownRegistries } from "../supply-chain/refuse-unknown-registries.ts";
import { requireImageDigests } from "../supply-chain/require-image-digests.ts";
import { requirePinnedImages } from "../supply-chain/require-pinned-images.ts";
import { refuseDeprecatedApis } from "../versions/refuse-deprecated-apis.ts";
import { refuseRemovedApis } from "../versions/refuse-removed-apis.ts";
import { refuseNodeDisks } from "./refuse-node-disks.ts";
import { refuseStrangersAmongNodeAgents } from "./refuse-strangers-among-node-agents.ts";
import { requirePodSecurity } from "./require-pod-security.ts";
import { requireReadOnlyRoot } from "./require-read-only-root.ts";

/** Rules about what is in a cluster, beside the Pod Security Standards. */
export const kubernetesRules: readonly RuleGroup[] = [
  {
    title: "Kubernetes",
    rules: [refuseNodeDisks, refuseStrangersAmongNodeAgents, requirePodSecurity, requireReadOnlyRoot],
  },
  {
    title: "Identity",
    rules: [
      refuseDefaultAccountTokens,
      refuseDefaultAccounts,
      refuseDefaultNamespace,
      refuseIdleTokens,
      refuseRootGroups,
      refuseSystemNamespaces,
      requireHighGroupIds,
      requireHighUserIds,
    ],
  },
  {
    title: "Rights",
    rules: [
      refuseClusterAdmins,
      refuseImpersonation,
      refuseLogDeleters,
      refuseNodeProxies,
      refuseOpenBindings,
      refuseRightsEscalation,
      refuseRoleManagers,
      refuseSecretReaders,
      refuseShellsInPods,
      refuseTokenMakers,
      refuseTrafficManagers,
      refuseVolumeMakers,
      refuseWebhookManagers,
      refuseWildcardResources,
      refuseWildcardVerbs,
      refuseWorkloadManagers,
    ],
  },
  {
    title: "Reliability",
    rules: [
      refuseBlockingBudgets,
      refuseFixedReplicas,
      refuseNakedPods,
      refuseOverlappingRuns,
      requireAutoscalerMinimum,
      requireCpuLimits,
      requireCpuRequests,
      requireDisruptionBudgets,
      requireJobCleanUp,
      requireJobDeadlines,
      requireLivenessProbes,
      requireMemoryLimits,
      requireMemoryRequests,
      requirePriority,
      requireReadinessProbes,
      requireReplicas,
      requireRollingUpdates,
      requireSpread,
    ],
  },
  {
    title: "Network",
    rules: [
      refuseDanglingReferences,
      refuseDanglingSelectors,
      refuseHostAliases,
      refuseIngressSnippets,
      refuseNodePorts,
      refuseWildcardHosts,
      requireEncryptedEdge,
      requireIngressTls,
      requireNetworkPolicies,
    ],
  },
  {
    title: "Supply chain",
    rules: [
      refuseClusterConsoles,
      refuseHelmReleases,
      refuseUnknownRegistries,
      requireImageDigests,
      requirePinnedImages,
    ],
  },
  {
    title: "Versions of APIs",
    rules: [refuseDeprecatedApis, refuseRemovedApis],
  },
];
