import { UnknownValueError } from "@pulumi/policy";
import { CannotJudge } from "../rule.ts";

/** A pod's template, or a pod itself, as found in a resource. */
export interface PlacedPod {
  readonly spec: Record<string, unknown>;
  /** Property path of the spec, e.g. `spec.jobTemplate.spec.template.spec`. */
  readonly path: string;
  /** Of the pods themselves; nothing where it is missing. */
  readonly metadata: unknown;
}

/** Kinds of Kubernetes that always make pods. One of them in which none is found was not understood. */
const carriers = [
  "Pod",
  "PodTemplate",
  "ReplicationController",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
];

/** Lists of containers in a pod. */
export const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;

/** Lists in a container that rules go through. */
const containerInnerLists = ["ports", "env", "envFrom", "volumeMounts"] as const;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Every pod that a resource of Kubernetes asks for: of its own kinds in whatever version, of lists of them, and of
 * custom resources that hold a template of pods, as an operator's do.
 *
 * @throws {@link CannotJudge} where something is of another form than pods are, so that nobody takes it for judged.
 */
export function podsIn(type: string, resource: unknown): readonly PlacedPod[] {
  if (!isRecord(resource)) throw new CannotJudge(`it is no object but ${typeof resource}`);
  const known = found.get(resource);
  if (known !== undefined) return known;
  const pods = search(kindOf(type), resource);
  found.set(resource, pods);
  return pods;
}

/** Many rules ask for the same pods. */
const found = new WeakMap<object, readonly PlacedPod[]>();

function search(kind: string, resource: Record<string, unknown>): readonly PlacedPod[] {
  if (kind.endsWith("List") && Array.isArray(resource.items)) {
    return resource.items.flatMap((item: unknown, index) =>
      podsIn(
        isRecord(item) && typeof item.kind === "string" ? item.kind : kind.slice(0, -"List".length),
        item,
      ).map((pod) => ({ ...pod, path: `items[${index}].${pod.path}` })),
    );
  }
  const pods = kind === "Pod" ? placed(resource, "") : templatesBelow(resource, "");
  if (pods.length === 0 && carriers.includes(kind)) {
    throw new CannotJudge(`there is no pod to be seen in this ${kind}`);
  }
  return pods;
}

/** Whether a resource makes pods, or has a form in which nobody can tell. */
export function carriesPods({ type, props }: { readonly type: string; readonly props: unknown }): boolean {
  if (!type.startsWith("kubernetes:")) return false;
  try {
    return podsIn(type, props).length > 0;
  } catch (error) {
    if (error instanceof CannotJudge) return true;
    throw error;
  }
}

/** The kind that a type token names; a patch is of the kind that it patches. */
const kindOf = (type: string): string => (type.split(":").at(-1) ?? "").replace(/Patch$/, "");

/** The pods of all templates below an object, which operators call `template`, `podTemplate` and the like. */
function templatesBelow(value: unknown, path: string): PlacedPod[] {
  if (Array.isArray(value))
    return value.flatMap((entry, index) => templatesBelow(entry, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const isTemplate = /template$/i.test(key);
    const child = read(value, key, isTemplate || key === "spec");
    const where = path === "" ? key : `${path}.${key}`;
    const pods = isTemplate && isRecord(child) ? placed(child, where) : [];
    return pods.length > 0 ? pods : templatesBelow(child, where);
  });
}

/** What has containers in its spec is a pod. */
function placed(holder: Record<string, unknown>, path: string): PlacedPod[] {
  const { spec } = holder;
  if (!isRecord(spec) || !("containers" in spec)) return [];
  const where = path === "" ? "spec" : `${path}.spec`;
  requireObjects(spec.volumes, `${where}.volumes`);
  for (const list of containerLists) {
    for (const container of requireObjects(spec[list], `${where}.${list}`)) {
      for (const inner of containerInnerLists)
        requireObjects(read(container, inner, false), `${where}.${list}[${container.name}].${inner}`);
    }
  }
  return [{ spec, path: where, metadata: holder.metadata }];
}

/** In a text, rules would look at its letters, and find nothing wrong with them. */
function requireObjects(list: unknown, path: string): readonly Record<string, unknown>[] {
  if (list === undefined || list === null) return [];
  if (Array.isArray(list) && list.every(isRecord)) return list;
  throw new CannotJudge(`${path} is no list of objects`);
}

/** What cannot be known before the change hides pods only where pods can be. */
function read(value: Record<string, unknown>, key: string, matters: boolean): unknown {
  try {
    return value[key];
  } catch (error) {
    if (matters || !(error instanceof UnknownValueError)) throw error;
    return undefined;
  }
}
