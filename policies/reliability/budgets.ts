import type { PolicyResource } from "@pulumi/policy";
import { kindsOf } from "../kubernetes/kinds.ts";
import { type Selector, selects } from "../kubernetes/selectors.ts";
import { namespaceOf, type Workload } from "../kubernetes/workloads.ts";

const isBudget = kindsOf("policy", "PodDisruptionBudget");

/** What says how many pods may go at once. */
export interface Budget {
  readonly urn: string;
  readonly namespace: string;
  /** Without one it is for no pod; an empty one is for every pod of its namespace. */
  readonly selector: Selector | undefined;
  readonly spec: PolicyResource["props"];
}

/** The disruption budgets of a stack. */
export const budgetsIn = (resources: readonly PolicyResource[]): Budget[] =>
  resources.flatMap(({ urn, type, props }) => {
    if (!isBudget(type)) return [];
    const spec = props.spec ?? {};
    return [{ urn, namespace: namespaceOf(props), selector: spec.selector, spec }];
  });

/** Whether a disruption budget is for the pods of a workload. */
export const isFor = ({ namespace, selector }: Budget, workload: Workload): boolean =>
  selector !== undefined && namespace === workload.namespace && selects(selector, workload.labels);
