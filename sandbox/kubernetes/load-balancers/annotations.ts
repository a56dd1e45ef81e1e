/** The annotations with which a Service steers its DigitalOcean load balancer, and how their values are read. */
import type { V1Service } from "@kubernetes/client-node";

const PREFIX = "service.beta.kubernetes.io/do-loadbalancer-";

/** Written by the cloud controller: which load balancer a Service has. */
export const LOAD_BALANCER_ID_ANNOTATION = "kubernetes.digitalocean.com/load-balancer-id";
/** With `true`, the controller leaves the Service's load balancer alone, even when the Service goes. */
export const DISOWN_ANNOTATION = "service.kubernetes.io/do-loadbalancer-disown";
/** Written by the cloud controller too, when the owner did not. */
export const TYPE_ANNOTATION = `${PREFIX}type`;

/**
 * Reads a Service's annotations by their last part, e.g. `tls-ports`, and collects what is wrong with them, so that
 * the owner is told of all faults at once.
 */
export class AnnotationReader {
  readonly faults: string[] = [];
  private readonly annotations: Record<string, string>;

  constructor(service: V1Service) {
    this.annotations = service.metadata?.annotations ?? {};
  }

  /** @returns undefined when it is absent or empty */
  text(name: string): string | undefined {
    return this.annotations[`${PREFIX}${name}`] || undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    const choice = choices.find((candidate) => candidate === value);
    if (value !== undefined && choice === undefined) this.fault(name, value, `one of ${choices.join(", ")}`);
    return choice;
  }

  flag(name: string): boolean {
    return this.choice(name, ["true", "false"]) === "true";
  }

  /** A whole number within bounds. */
  number(name: string, minimum: number, maximum: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
    this.fault(name, value, `a whole number from ${minimum} to ${maximum}`);
    return undefined;
  }

  /** Parts between commas. */
  list(name: string): string[] {
    return (this.text(name) ?? "").split(",").flatMap((part) => part.trim() || []);
  }

  ports(name: string): number[] {
    return this.list(name).flatMap((part) => {
      const port = Number(part);
      if (Number.isInteger(port) && port > 0 && port < 65_536) return [port];
      this.fault(name, part, "a port from 1 to 65535");
      return [];
    });
  }

  private fault(name: string, value: string, wanted: string): void {
    this.faults.push(`annotation ${PREFIX}${name}: "${value}" is not ${wanted}`);
  }
}
