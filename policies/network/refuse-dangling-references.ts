import type { PolicyResource } from "@pulumi/policy";
import { kindsOf } from "../kubernetes/kinds.ts";
import { ifKnown } from "../kubernetes/known.ts";
import { namespaceOf, workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { isIngress } from "./ingress.ts";

const isService = kindsOf("core", "Service");
/** What an autoscaler scales, of Kubernetes' own. */
const scaled = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];

const isStatefulSet = kindsOf("apps", "StatefulSet");
const isAutoscaler = kindsOf("autoscaling", "HorizontalPodAutoscaler");

export const refuseDanglingReferences = stackRule({
  name: "refuse-dangling-references",
  description:
    "What names another object names one that is there: an ingress to no Service answers 503, an autoscaler of nothing scales nothing.",
  remedy: "write the other's `metadata.name`, and put both into the same namespace",
  severity: "medium",
  references: [
    { framework: "kube-linter", id: "dangling-ingress" },
    { framework: "kube-linter", id: "dangling-horizontalpodautoscaler" },
    { framework: "kube-score", id: "horizontalpodautoscaler-has-target" },
  ],
  check: (resources, report) => {
    const there = {
      Service: named(resources.filter(({ type }) => isService(type)).map(({ props }) => props)),
      workload: named(
        workloadsIn(resources).map(({ name, namespace }) => ({ metadata: { name, namespace } })),
      ),
    };
    for (const { urn, type, props } of resources) {
      for (const { path, kind, name, among } of referencesOf(type, props)) {
        if (!there[among].has(`${namespaceOf(props)}/${name}`))
          report(urn, `${path}: there is no ${kind} ${name}`);
      }
    }
  },
});

type Props = PolicyResource["props"];

/** One object's mention of another in its namespace. */
interface Reference {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly among: "Service" | "workload";
}

const named = (all: readonly Props[]): Set<string> =>
  new Set(
    all.flatMap((props) => {
      const name = ifKnown(props.metadata ?? {}, "name");
      return name === undefined ? [] : [`${namespaceOf(props)}/${name}`];
    }),
  );

function referencesOf(type: string, props: Props): Reference[] {
  const service = { kind: "Service", among: "Service" } as const;
  if (isIngress(type)) return backendsOf(props).map((name) => ({ ...service, path: "spec.rules", name }));
  if (isStatefulSet(type)) {
    const name = ifKnown(props.spec ?? {}, "serviceName");
    return name ? [{ ...service, path: "spec.serviceName", name }] : [];
  }
  if (!isAutoscaler(type)) return [];
  const { kind, name } = props.spec?.scaleTargetRef ?? {};
  // Others, of operators, hold no pods that can be seen.
  return name && scaled.includes(kind)
    ? [{ path: "spec.scaleTargetRef", kind, name, among: "workload" }]
    : [];
}

/** The Services that an ingress leads to. */
function backendsOf({ spec }: Props): string[] {
  const paths = (spec?.rules ?? []).flatMap(({ http }: Props) => http?.paths ?? []);
  const backends = [spec?.defaultBackend, ...paths.map(({ backend }: Props) => backend)];
  return [...new Set(backends.flatMap((backend) => backend?.service?.name ?? []))];
}
