/**
 * What KWOK does to nodes and pods in place of kubelets: nodes become Ready at once, pods run at once, pods of Jobs
 * succeed at once, and what is deleted is gone at once. Containers never run.
 */
import { stringify } from "yaml";

/** Go templates over the object, rendered to YAML and merged into its status. */
const NODE_READY_STATUS = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
`;

const POD_RUNNING_STATUS = `
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
{{ range $type := list "PodReadyToStartContainers" "Initialized" "ContainersReady" "Ready" }}
- type: {{ $type }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
  {{ else }}
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
  {{ end }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
{{ $hostIPs := NodeIPsWith .spec.nodeName }}
{{ with $hostIPs }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ $podIPs := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $podIPs }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
`;

const POD_SUCCEEDED_STATUS = `
{{ $now := Now }}
{{ $started := or .status.startTime $now }}
phase: Succeeded
conditions:
{{ range $type := list "ContainersReady" "Ready" }}
- type: {{ $type }}
  status: "False"
  reason: PodCompleted
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $started | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
`;

const NOT_BEING_DELETED = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };

/** One transition: which objects (`when`, all of it) get which status, or are removed. */
interface StageOptions {
  name: string;
  kind: "Node" | "Pod";
  when: { key: string; operator: string; values?: string[] }[];
  next: { statusTemplate: string } | { delete: true };
}

const STAGES: StageOptions[] = [
  {
    name: "node-ready",
    kind: "Node",
    when: [
      {
        key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
        operator: "NotIn",
        values: ["True"],
      },
    ],
    next: { statusTemplate: NODE_READY_STATUS },
  },
  {
    name: "pod-running",
    kind: "Pod",
    when: [NOT_BEING_DELETED, { key: ".status.phase", operator: "In", values: ["Pending"] }],
    next: { statusTemplate: POD_RUNNING_STATUS },
  },
  {
    name: "pod-of-job-succeeded",
    kind: "Pod",
    when: [
      NOT_BEING_DELETED,
      { key: ".status.phase", operator: "In", values: ["Running"] },
      { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] },
    ],
    next: { statusTemplate: POD_SUCCEEDED_STATUS },
  },
  {
    name: "pod-deleted",
    kind: "Pod",
    when: [{ key: ".metadata.deletionTimestamp", operator: "Exists" }],
    next: { delete: true },
  },
];

/** KWOK's configuration file: its options and the stages above, as YAML documents. */
export function kwokConfig(): string {
  const configuration = {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokConfiguration",
    options: { nodeLeaseParallelism: 1, podPlayStageParallelism: 4, nodePlayStageParallelism: 4 },
  };
  const stages = STAGES.map(({ name, kind, when, next }) => ({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions: when }, next },
  }));
  return [configuration, ...stages].map((document) => stringify(document)).join("---\n");
}
