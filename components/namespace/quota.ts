import type { ArgumentChecks } from "../errors.ts";
import { gib, quantity } from "../kubernetes-quantities.ts";

/** The most that the pods of a namespace may ask for together. */
export interface Quota {
  /** Processors that they are promised together. @example "4" */
  readonly cpu: string;
  /** Memory that they are promised together. @example "8Gi" */
  readonly memory: string;
  /** How many there are, those included that a roll-out or a release adds. @example 40 */
  readonly pods: number;
  /**
   * Load balancers that its Services may make, each of which is paid for.
   * @default 0
   */
  readonly loadBalancers?: number;
  /**
   * The most that one container may use.
   * @default all of it
   * @example { cpu: "2", memory: "2Gi" }
   */
  readonly largestContainer?: {
    /** Processors that it is allowed. */
    readonly cpu: string;
    /** Memory that it is allowed. */
    readonly memory: string;
  };
}

/** What a container is promised, and allowed, that says nothing. */
export const unstated = {
  promised: { cpu: "50m", memory: "64Mi" },
  allowed: { cpu: "250m", memory: "256Mi" },
} as const;

/** The most that one container may use. */
export function largestContainerOf(quota: Quota): { readonly cpu: string; readonly memory: string } {
  return quota.largestContainer ?? { cpu: quota.cpu, memory: quota.memory };
}

/** Finds what is wrong with a quota for itself. */
export function checkQuota(checks: ArgumentChecks, quota: Quota): void {
  checks.range("quota.pods", quota.pods, 1, 10_000);
  checks.range("quota.loadBalancers", quota.loadBalancers, 0, 100);
  checkQuantity(checks, "quota.cpu", quota.cpu, '"4"');
  checkQuantity(checks, "quota.memory", quota.memory, '"8Gi"');
  const largest = largestContainerOf(quota);
  checkLargest(checks, "cpu", largest.cpu, quota.cpu, quantity);
  checkLargest(checks, "memory", largest.memory, quota.memory, gib);
}

function checkQuantity(checks: ArgumentChecks, path: string, given: string, example: string): void {
  checks.check(
    path,
    given,
    (text) => (quantity(text) ?? 0) > 0,
    (text) => `is "${text}", which is no quantity of Kubernetes'`,
    `Write it as in ${example}.`,
  );
}

/** Between what a container is allowed that says nothing, which would be refused, and all there is. */
function checkLargest(
  checks: ArgumentChecks,
  resource: "cpu" | "memory",
  given: string,
  all: string,
  read: (text: string) => number | undefined,
): void {
  const least = unstated.allowed[resource];
  const within = (text: string) => {
    const amount = read(text) ?? Number.NaN;
    return amount >= (read(least) ?? 0) && !(amount > (read(all) ?? amount));
  };
  checks.check(
    `quota.largestContainer.${resource}`,
    given,
    within,
    (text) =>
      `is "${text}", and must lie between ${least}, which who states none is allowed, and ${all}, all there is`,
    `Give at least ${least}, and no more than the quota.`,
  );
}
