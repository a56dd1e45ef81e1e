import type { PropertyPath } from "../kit/path.ts";
import type { PlainValue } from "../kit/values.ts";
import { isMap, type PlainMap, valueAt } from "./objects/object.ts";
import type { ObjectKind } from "./objects/type-token.ts";

/** Fields of a kind that cannot be changed in place; `*` stands for any member of a list. */
type Fields = readonly string[];

const CONTAINER: Fields = [
  "args",
  "command",
  "env",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "ports",
  "readinessProbe",
  "resources",
  "securityContext",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
];

const POD: Fields = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
  ...CONTAINER.flatMap((field) => [`containers.*.${field}`, `initContainers.*.${field}`]),
];

/** Where a PersistentVolume lives: one of these, chosen for good. */
const VOLUME_SOURCES: Fields =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume".split(
    " ",
  );

const under = (prefix: string, fields: Fields): Fields => fields.map((field) => `${prefix}.${field}`);

/** What takes a new object, by `group/Kind`, as the vendor's plugin has it. Every kind has its name and namespace besides. */
const IMMUTABLE: Readonly<Record<string, Fields>> = {
  "/PersistentVolume": under("spec", VOLUME_SOURCES),
  "/PersistentVolumeClaim": under("spec", ["accessModes", "selector", "storageClassName", "volumeName"]),
  "/Pod": under("spec", POD),
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": under("spec", [
    "podManagementPolicy",
    "revisionHistoryLimit",
    "selector",
    "serviceName",
    "volumeClaimTemplates",
  ]),
  "batch/Job": under("spec", ["completions", "parallelism", "selector", "template"]),
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

/** Contents that programs read once, at their start: a change makes a new object, so that its readers are rolled. */
const CONTENTS: Readonly<Record<string, { readonly fields: Fields; readonly option: keyof MutableOptions }>> =
  {
    "/ConfigMap": { fields: ["binaryData", "data"], option: "enableConfigMapMutable" },
    "/Secret": { fields: ["type", "stringData", "data"], option: "enableSecretMutable" },
  };

const IDENTITY: Fields = ["metadata.name", "metadata.namespace"];

/** Options of the provider that let contents be changed in place. */
export interface MutableOptions {
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

/** The rule for an object: whether a change at a path, to a value (undefined: it goes), takes a new object. */
export function replaceRule(
  kind: ObjectKind,
  object: PlainMap,
  options: MutableOptions,
): (path: PropertyPath, value: PlainValue | undefined) => boolean {
  const key = `${kind.group}/${kind.kind}`;
  const contents = CONTENTS[key];
  const frozen = contents !== undefined && (!options[contents.option] || object.immutable === true);
  const patterns = [...IDENTITY, ...(frozen ? contents.fields : []), ...(IMMUTABLE[key] ?? [])].map((field) =>
    field.split("."),
  );
  return (path, value) => patterns.some((pattern) => touches(pattern, path, value));
}

/** Whether a change at the path reaches the pattern's field: it lies at or under it, or brings it along from above. */
function touches(pattern: readonly string[], path: PropertyPath, value: PlainValue | undefined): boolean {
  const shared = Math.min(pattern.length, path.length);
  for (let place = 0; place < shared; place += 1) {
    const step = path[place];
    const matches = pattern[place] === "*" ? typeof step === "number" : pattern[place] === step;
    if (!matches) return false;
  }
  return path.length >= pattern.length || brings(value, pattern.slice(path.length));
}

function brings(value: PlainValue | undefined, rest: readonly string[]): boolean {
  const [step, ...deeper] = rest;
  if (step === undefined) return value !== undefined;
  if (step === "*") return Array.isArray(value) && value.some((member) => brings(member, deeper));
  return isMap(value) && brings(valueAt(value, step), deeper);
}
