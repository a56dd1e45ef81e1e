import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { type NodeAgent, nodeAgents, nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { type Report, type Rule, type RuleDetails, resourceRule } from "../rule.ts";
import { containerLists, isRecord, type PlacedPod, podsIn } from "./pod-places.ts";

export type PodSpec = Unwrap<types.input.core.v1.PodSpec>;
export type Container = Unwrap<types.input.core.v1.Container>;
type SecurityContext = Unwrap<types.input.core.v1.SecurityContext & types.input.core.v1.PodSecurityContext>;

/** What a carrier says beside its pods. */
interface Carrier {
  readonly metadata?: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Whether resources of this type may carry pods. */
const mayCarryPods = (type: string): boolean => type.startsWith("kubernetes:");

/** Whether a namespace is the one in which node agents run, and the cluster itself refuses nothing. */
export const isOfNodeAgents = (namespace: string | undefined): boolean =>
  namespace?.endsWith(`-${nodeAgentsNamespace}`) ?? false;

/** A pod as it is asked for, whatever resource carries it. What a rule does not ask of it may be unknown yet. */
export class Pod {
  readonly spec: PodSpec;
  /** Property path of its spec, e.g. `spec.template.spec`. */
  readonly path: string;
  readonly #type: string;
  readonly #carrier: Carrier;
  readonly #metadata: unknown;

  constructor({ spec, path, metadata }: PlacedPod, type: string, carrier: Carrier) {
    this.spec = spec as unknown as PodSpec;
    this.path = path;
    this.#type = type;
    this.#carrier = carrier;
    this.#metadata = metadata;
  }

  /** Namespace of what carries it. */
  get namespace(): string | undefined {
    return this.#carrier.metadata?.namespace;
  }

  /** What it may do on its node: nothing, unless it is the DaemonSet of an agent that the catalogue names. */
  get agent(): NodeAgent | undefined {
    if (this.#type !== "kubernetes:apps/v1:DaemonSet" || !isOfNodeAgents(this.namespace)) return undefined;
    const known: Readonly<Record<string, NodeAgent>> = nodeAgents;
    const name = this.#carrier.metadata?.labels?.["app.kubernetes.io/name"] ?? "";
    return Object.hasOwn(known, name) ? known[name] : undefined;
  }

  get annotations(): Readonly<Record<string, unknown>> {
    const metadata = this.#metadata;
    return isRecord(metadata) && isRecord(metadata.annotations) ? metadata.annotations : {};
  }

  get labels(): Readonly<Record<string, unknown>> {
    const metadata = this.#metadata;
    return isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {};
  }

  /** Windows has none of Linux's users, capabilities and filters; the standard asks for none there. */
  get isWindows(): boolean {
    return this.spec.os?.name === "windows";
  }

  /** Whether root in it is nobody on the node. */
  get hasOwnUsers(): boolean {
    return this.spec.hostUsers === false;
  }

  /** Each container with its path, those that run before the others and those for debugging too. */
  containers(): { readonly container: Container; readonly path: string }[] {
    const lists = this.spec as Partial<Record<(typeof containerLists)[number], Container[]>>;
    return containerLists.flatMap((list) =>
      (lists[list] ?? []).map((container) => ({
        container,
        path: `${this.path}.${list}[${container.name}]`,
      })),
    );
  }

  /** Its containers but those for debugging, which are given no resources. */
  lastingContainers(): { readonly container: Container; readonly path: string }[] {
    return this.containers().filter(({ path }) => !path.startsWith(`${this.path}.ephemeralContainers`));
  }

  /** The security context of the pod and those of its containers, as far as there are any, with their paths. */
  securityContexts(): { readonly context: SecurityContext; readonly path: string }[] {
    return [
      { context: this.spec.securityContext, path: `${this.path}.securityContext` },
      ...this.containers().map(({ container, path }) => ({
        context: container.securityContext,
        path: `${path}.securityContext`,
      })),
    ].flatMap(({ context, path }) => (context ? [{ context: context as SecurityContext, path }] : []));
  }
}

/** A rule that judges pods, whatever kind carries them. */
export function podRule(
  details: RuleDetails & {
    readonly check: (pod: Pod, report: Report) => void;
    /** As of {@link resourceRule}. */
    readonly mend?: (pod: Pod) => void;
    /** Kinds it judges. Default: all that carry pods. */
    readonly types?: readonly string[] | ((type: string) => boolean);
  },
): Rule {
  const { types = mayCarryPods, check, mend, ...rest } = details;
  const podsOf = (carrier: Carrier, type: string) =>
    podsIn(type, carrier).map((found) => new Pod(found, type, carrier));
  return resourceRule<Carrier>({
    ...rest,
    types,
    check: (carrier, report, { type }) => {
      for (const pod of podsOf(carrier, type)) check(pod, report);
    },
    ...(mend && {
      mend: (carrier, { type }) => {
        for (const pod of podsOf(carrier, type)) mend(pod);
      },
    }),
  });
}

/** A rule that judges each container of a pod, init and ephemeral ones too. */
export function containerRule(
  details: RuleDetails & {
    readonly check: (container: Container, report: Report, path: string, pod: Pod) => void;
    /** As of {@link resourceRule}. */
    readonly mend?: (container: Container, pod: Pod) => void;
  },
): Rule {
  const { check, mend, ...rest } = details;
  return podRule({
    ...rest,
    check: (pod, report) => {
      for (const { container, path } of pod.containers()) check(container, report, path, pod);
    },
    ...(mend && {
      mend: (pod) => {
        for (const { container } of pod.containers()) mend(container, pod);
      },
    }),
  });
}
