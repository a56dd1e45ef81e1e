/** A version of an API that Kubernetes takes away, or says that it will. */
export interface EndedApi {
  readonly apiVersion: string;
  readonly kinds: readonly string[];
  /** Minor version of Kubernetes that first says so. */
  readonly deprecatedIn: string;
  /** Minor version that serves it no more, as far as that is said. */
  readonly removedIn?: string;
  /** What to write instead; nothing where there is none. */
  readonly instead?: string;
}

/** The day {@link endedApis} was last compared with its source (ISO 8601). */
export const endedApisCheckedOn = "2026-11-22";

/** Where {@link endedApis} comes from: the lifecycle that the API's own types tell, and the guide made from it. */
export const endedApisSource = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/";

const webhooks = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const roles = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const flows = ["FlowSchema", "PriorityLevelConfiguration"];
const admission = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const claims = ["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];
const reviews = [
  "LocalSubjectAccessReview",
  "SelfSubjectAccessReview",
  "SelfSubjectRulesReview",
  "SubjectAccessReview",
];

/** Every version of an API of Kubernetes' own that has ended, or whose end is known. */
export const endedApis: readonly EndedApi[] = [
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["DaemonSet", "Deployment", "ReplicaSet"],
    deprecatedIn: "1.8",
    removedIn: "1.16",
    instead: "apps/v1",
  },
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["NetworkPolicy"],
    deprecatedIn: "1.9",
    removedIn: "1.16",
    instead: "networking.k8s.io/v1",
  },
  { apiVersion: "extensions/v1beta1", kinds: ["PodSecurityPolicy"], deprecatedIn: "1.11", removedIn: "1.16" },
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["Ingress"],
    deprecatedIn: "1.14",
    removedIn: "1.22",
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "apps/v1beta1",
    kinds: ["ControllerRevision", "Deployment", "StatefulSet"],
    deprecatedIn: "1.8",
    removedIn: "1.16",
    instead: "apps/v1",
  },
  {
    apiVersion: "apps/v1beta2",
    kinds: ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
    deprecatedIn: "1.9",
    removedIn: "1.16",
    instead: "apps/v1",
  },
  {
    apiVersion: "batch/v2alpha1",
    kinds: ["CronJob"],
    deprecatedIn: "1.8",
    removedIn: "1.21",
    instead: "batch/v1",
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1beta1",
    kinds: webhooks,
    deprecatedIn: "1.16",
    removedIn: "1.22",
    instead: "admissionregistration.k8s.io/v1",
  },
  {
    apiVersion: "apiextensions.k8s.io/v1beta1",
    kinds: ["CustomResourceDefinition"],
    deprecatedIn: "1.16",
    removedIn: "1.22",
    instead: "apiextensions.k8s.io/v1",
  },
  {
    apiVersion: "apiregistration.k8s.io/v1beta1",
    kinds: ["APIService"],
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "apiregistration.k8s.io/v1",
  },
  {
    apiVersion: "authentication.k8s.io/v1beta1",
    kinds: ["TokenReview"],
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "authentication.k8s.io/v1",
  },
  {
    apiVersion: "authorization.k8s.io/v1beta1",
    kinds: reviews,
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "authorization.k8s.io/v1",
  },
  {
    apiVersion: "certificates.k8s.io/v1beta1",
    kinds: ["CertificateSigningRequest"],
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "certificates.k8s.io/v1",
  },
  {
    apiVersion: "coordination.k8s.io/v1beta1",
    kinds: ["Lease"],
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "coordination.k8s.io/v1",
  },
  {
    apiVersion: "networking.k8s.io/v1beta1",
    kinds: ["Ingress", "IngressClass"],
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "networking.k8s.io/v1beta1",
    kinds: ["IPAddress", "ServiceCIDR"],
    deprecatedIn: "1.34",
    removedIn: "1.37",
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1alpha1",
    kinds: roles,
    deprecatedIn: "1.17",
    removedIn: "1.22",
    instead: "rbac.authorization.k8s.io/v1",
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1beta1",
    kinds: roles,
    deprecatedIn: "1.17",
    removedIn: "1.22",
    instead: "rbac.authorization.k8s.io/v1",
  },
  {
    apiVersion: "scheduling.k8s.io/v1beta1",
    kinds: ["PriorityClass"],
    deprecatedIn: "1.14",
    removedIn: "1.22",
    instead: "scheduling.k8s.io/v1",
  },
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
    deprecatedIn: "1.19",
    removedIn: "1.22",
    instead: "storage.k8s.io/v1",
  },
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["CSIStorageCapacity"],
    deprecatedIn: "1.24",
    removedIn: "1.27",
    instead: "storage.k8s.io/v1",
  },
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["VolumeAttributesClass"],
    deprecatedIn: "1.34",
    removedIn: "1.37",
    instead: "storage.k8s.io/v1",
  },
  {
    apiVersion: "batch/v1beta1",
    kinds: ["CronJob"],
    deprecatedIn: "1.21",
    removedIn: "1.25",
    instead: "batch/v1",
  },
  {
    apiVersion: "discovery.k8s.io/v1beta1",
    kinds: ["EndpointSlice"],
    deprecatedIn: "1.21",
    removedIn: "1.25",
    instead: "discovery.k8s.io/v1",
  },
  {
    apiVersion: "events.k8s.io/v1beta1",
    kinds: ["Event"],
    deprecatedIn: "1.22",
    removedIn: "1.25",
    instead: "events.k8s.io/v1",
  },
  {
    apiVersion: "autoscaling/v2beta1",
    kinds: ["HorizontalPodAutoscaler"],
    deprecatedIn: "1.22",
    removedIn: "1.25",
    instead: "autoscaling/v2",
  },
  {
    apiVersion: "autoscaling/v2beta2",
    kinds: ["HorizontalPodAutoscaler"],
    deprecatedIn: "1.23",
    removedIn: "1.26",
    instead: "autoscaling/v2",
  },
  {
    apiVersion: "policy/v1beta1",
    kinds: ["PodDisruptionBudget"],
    deprecatedIn: "1.21",
    removedIn: "1.25",
    instead: "policy/v1",
  },
  { apiVersion: "policy/v1beta1", kinds: ["PodSecurityPolicy"], deprecatedIn: "1.21", removedIn: "1.25" },
  {
    apiVersion: "node.k8s.io/v1beta1",
    kinds: ["RuntimeClass"],
    deprecatedIn: "1.22",
    removedIn: "1.25",
    instead: "node.k8s.io/v1",
  },
  ...[
    { version: "v1beta1", deprecatedIn: "1.23", removedIn: "1.26" },
    { version: "v1beta2", deprecatedIn: "1.26", removedIn: "1.29" },
    { version: "v1beta3", deprecatedIn: "1.29", removedIn: "1.32" },
  ].map(({ version, ...when }) => ({
    apiVersion: `flowcontrol.apiserver.k8s.io/${version}`,
    kinds: flows,
    ...when,
    instead: "flowcontrol.apiserver.k8s.io/v1",
  })),
  {
    apiVersion: "admissionregistration.k8s.io/v1alpha1",
    kinds: admission,
    deprecatedIn: "1.29",
    removedIn: "1.32",
    instead: "admissionregistration.k8s.io/v1",
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1beta1",
    kinds: admission,
    deprecatedIn: "1.31",
    removedIn: "1.34",
    instead: "admissionregistration.k8s.io/v1",
  },
  {
    apiVersion: "resource.k8s.io/v1beta1",
    kinds: claims,
    deprecatedIn: "1.35",
    removedIn: "1.38",
    instead: "resource.k8s.io/v1",
  },
  {
    apiVersion: "resource.k8s.io/v1beta2",
    kinds: claims,
    deprecatedIn: "1.36",
    removedIn: "1.39",
    instead: "resource.k8s.io/v1",
  },
  { apiVersion: "v1", kinds: ["ComponentStatus"], deprecatedIn: "1.19" },
  { apiVersion: "v1", kinds: ["Endpoints"], deprecatedIn: "1.33", instead: "discovery.k8s.io/v1" },
];
