import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { type NodeAgent, nodeAgents, nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { type Report, type Rule, type RuleDetails, resourceRule } from "../rule.ts";

export type PodSpec = Unwrap<types.input.core.v1.PodSpec>;
export type Container = Unwrap<types.input.core.v1.Container>;

interface PodCarrier {
  readonly metadata?: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec & {
    readonly template?: { readonly spec?: PodSpec };
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
  };
}

/** Where each kind keeps its pods. */
const podSpecOf: Readonly<
  Record<string, { path: string; read: (carrier: PodCarrier) => PodSpec | undefined }>
> = {
  Pod: { path: "spec", read: ({ spec }) => spec },
  CronJob: {
    path: "spec.jobTemplate.spec.template.spec",
    read: ({ spec }) => spec?.jobTemplate?.spec?.template?.spec,
  },
};
const templated = {
  path: "spec.template.spec",
  read: ({ spec }: PodCarrier) => spec?.template?.spec,
};

/** Type tokens of every kind that carries pods. */
export const podCarriers = [
  "kubernetes:core/v1:Pod",
  "kubernetes:core/v1:ReplicationController",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:ReplicaSet",
  "kubernetes:batch/v1:Job",
  "kubernetes:batch/v1:CronJob",
];

/** What carries the pods that are judged. */
interface Carrier {
  readonly namespace?: string;
  /** The node agent it is, with what that is allowed. */
  readonly agent?: NodeAgent;
}

/** Whether a namespace is the one in which node agents run, and the cluster itself refuses nothing. */
export const isOfNodeAgents = (namespace: string | undefined): boolean =>
  namespace?.endsWith(`-${nodeAgentsNamespace}`) ?? false;

/** What a carrier's pods may do on their node: nothing, unless it is the DaemonSet of an agent that the catalogue names. */
function agentOf(type: string, { metadata }: PodCarrier): NodeAgent | undefined {
  if (type !== "kubernetes:apps/v1:DaemonSet" || !isOfNodeAgents(metadata?.namespace)) return undefined;
  const known: Readonly<Record<string, NodeAgent>> = nodeAgents;
  const name = metadata?.labels?.["app.kubernetes.io/name"] ?? "";
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

/** A rule that judges pods, whatever kind carries them. */
export function podRule(
  details: RuleDetails & {
    readonly check: (pod: PodSpec, report: Report, path: string, carrier: Carrier) => void;
    /** Kinds it judges. Default: all that carry pods. */
    readonly types?: readonly string[];
  },
): Rule {
  return resourceRule<PodCarrier>({
    ...details,
    types: details.types ?? podCarriers,
    check: (carrier, report, resource) => {
      const { path, read } = podSpecOf[resource.type.split(":")[2] ?? ""] ?? templated;
      const pod = read(carrier as PodCarrier);
      if (pod === undefined) return;
      const namespace = (carrier as PodCarrier).metadata?.namespace;
      const agent = agentOf(resource.type, carrier as PodCarrier);
      details.check(pod, report, path, { ...(namespace && { namespace }), ...(agent && { agent }) });
    },
  });
}

/** A rule that judges each container of a pod, init and ephemeral ones too. */
export function containerRule(
  details: RuleDetails & {
    readonly check: (
      container: Container,
      report: Report,
      path: string,
      pod: PodSpec,
      carrier: Carrier,
    ) => void;
    readonly types?: readonly string[];
  },
): Rule {
  return podRule({
    ...details,
    check: (pod, report, path, carrier) => {
      for (const kind of ["initContainers", "containers", "ephemeralContainers"] as const) {
        for (const container of (pod as Partial<Record<typeof kind, Container[]>>)[kind] ?? []) {
          details.check(container, report, `${path}.${kind}[${container.name}]`, pod, carrier);
        }
      }
    },
  });
}
