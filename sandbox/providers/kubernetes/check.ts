import type { CheckFailure } from "../kit/errors.ts";
import type { CheckRequest, CheckResult } from "../kit/provider.ts";
import { isPropertyMap, type PropertyMap, type PropertyValue, withoutSecrets } from "../kit/values.ts";
import { markSecrets, toPlainObject, withApiSpelling } from "./checkpoint.ts";
import type { Cluster } from "./cluster/cluster.ts";
import { ANNOTATIONS } from "./objects/annotations.ts";
import { makeUpName } from "./objects/naming.ts";
import { normaliseInputs } from "./objects/normalise.ts";
import { textAt } from "./objects/object.ts";
import { apiVersionOf, type ObjectKind } from "./objects/type-token.ts";
import { validateObject } from "./objects/validate.ts";

/** Groups whose kinds come with the API server: a kind that is missing there will not come later. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "extensions",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

/** What a check needs besides the request. */
export interface CheckScene {
  readonly kind: ObjectKind;
  /** Undefined when the cluster cannot be reached: then inputs are named, but not judged. */
  readonly cluster: Cluster | undefined;
  readonly defaultNamespace: string;
}

/** Fills in what the program leaves out (name, namespace, apiVersion, kind) and finds all that is wrong with the inputs. */
export async function checkObject(request: CheckRequest, scene: CheckScene): Promise<CheckResult> {
  const { kind, cluster } = scene;
  const served = await cluster?.served(kind);
  const schema = served === undefined ? undefined : await cluster?.schema(kind);
  const complete = withKind(withApiSpelling(request.inputs), kind);
  const named = withName(normaliseInputs(complete, schema), request);
  const inputs = withNamespace(named, request, scene, served?.namespaced);
  const failures = [
    ...kindFailures(inputs, kind),
    ...(await unservedFailures(scene, served !== undefined)),
    ...generatedNameFailures(inputs),
    ...(schema === undefined
      ? []
      : validateObject(schema.group, schema.root, toPlainObject(normaliseInputs(complete, undefined)))),
  ];
  return { inputs: markSecrets(inputs, request.inputs), failures };
}

function withKind(inputs: PropertyMap, kind: ObjectKind): PropertyMap {
  return { ...inputs, apiVersion: inputs.apiVersion ?? apiVersionOf(kind), kind: inputs.kind ?? kind.kind };
}

function withName(inputs: PropertyMap, request: CheckRequest): PropertyMap {
  const metadata = inputs.metadata ?? {};
  if (!isPropertyMap(metadata) || isGiven(metadata.name) || isGiven(metadata.generateName)) return inputs;
  const before = toPlainObject(request.oldInputs ?? {});
  const isNew = Object.keys(before).length === 0;
  const wasMadeUp = textAt(before, "metadata", "annotations", ANNOTATIONS.autonamed) === "true";
  if (!isNew && !wasMadeUp) return inputs;
  const name = isNew
    ? makeUpName(request.name, request.randomSeed, request.autonaming)
    : textAt(before, "metadata", "name");
  return { ...inputs, metadata: { ...metadata, name, annotations: withAutonamed(metadata.annotations) } };
}

/** Annotations that are not known yet cannot be added to. */
function withAutonamed(annotations: PropertyValue | undefined): PropertyValue {
  if (annotations !== undefined && !isPropertyMap(annotations)) return annotations;
  return { ...annotations, [ANNOTATIONS.autonamed]: "true" };
}

function withNamespace(
  inputs: PropertyMap,
  request: CheckRequest,
  scene: CheckScene,
  namespaced: boolean | undefined,
): PropertyMap {
  const metadata = inputs.metadata ?? {};
  if (!isPropertyMap(metadata) || isGiven(metadata.namespace) || namespaced === false) return inputs;
  const namespace =
    namespaced === undefined && request.oldInputs !== undefined
      ? textAt(toPlainObject(request.oldInputs), "metadata", "namespace")
      : scene.defaultNamespace;
  return namespace === "" ? inputs : { ...inputs, metadata: { ...metadata, namespace } };
}

function kindFailures(inputs: PropertyMap, kind: ObjectKind): CheckFailure[] {
  const wanted = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  return Object.entries(wanted)
    .filter(([name, value]) => withoutSecrets(inputs[name] ?? null) !== value)
    .map(([name, value]) => ({
      path: [name],
      reason: `must be ${JSON.stringify(value)}, as the resource's type says, is ${JSON.stringify(inputs[name])}`,
    }));
}

async function unservedFailures({ kind, cluster }: CheckScene, isServed: boolean): Promise<CheckFailure[]> {
  if (isServed || cluster === undefined || !BUILT_IN_GROUPS.has(kind.group)) return [];
  const versions = await cluster.versionsOf(kind);
  const hint =
    versions.length > 0 ? `it serves ${versions.join(", ")}` : "it does not serve the group at all";
  return [
    {
      path: ["apiVersion"],
      reason: `the API server has no kind ${kind.kind} in ${apiVersionOf(kind)}: ${hint}`,
    },
  ];
}

function generatedNameFailures(inputs: PropertyMap): CheckFailure[] {
  const metadata = inputs.metadata;
  if (!isPropertyMap(metadata) || isGiven(metadata.name) || !isGiven(metadata.generateName)) return [];
  return [
    {
      path: ["metadata", "generateName"],
      reason: "does not go with server-side apply: give metadata.name, or neither, and a name is made up",
    },
  ];
}

function isGiven(value: PropertyValue | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}
