import type { PolicyResource } from "@pulumi/policy";
import { type Duration, durationPattern, pulumiState } from "../../catalog/recovery.ts";
import { declarationsOf } from "../stores/declaration.ts";
import type { Backup } from "./backups.ts";

/** A store whose loss somebody could not bear, as far as it says. */
export interface NeededStore {
  readonly resource: PolicyResource;
  /** By what it may be named: its URN and name, and those of the components that it is part of. */
  readonly names: ReadonlySet<string>;
  /** How many minutes of what was written may be lost; nothing where the store does not say. */
  readonly pointMinutes?: number;
  /** Whether its provider keeps every change of the last days: DigitalOcean does of PostgreSQL and MySQL. */
  readonly keptByProvider: boolean;
}

const stackType = "pulumi:pulumi:Stack";
/** Engines of which DigitalOcean keeps the log of changes, by which any moment of seven days can be had back. */
const withPointInTime = ["mysql", "pg"];

const minutesOf = { m: 1, h: 60, d: 24 * 60 } as const;

/** How many minutes a time is that a declaration names. */
export const minutes = (duration: Duration): number =>
  Number(duration.slice(0, -1)) * minutesOf[duration.slice(-1) as keyof typeof minutesOf];

/**
 * The stores of a stack that have to be backed up: all but those that say that everything in them may be lost, since it can be
 * made again or is worth nothing. Of what says nothing, everything is needed. Pulumi's state is the stack's own.
 */
export function neededStores(resources: readonly PolicyResource[]): NeededStore[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources.flatMap((resource): NeededStore[] => {
    if (resource.type === stackType)
      return [{ resource, names: new Set([pulumiState, resource.urn]), keptByProvider: false }];
    const parent = resource.parent && byUrn.get(resource.parent.urn);
    const points = declarationsOf(resource, parent)
      .map((declared) => declared["recovery-point"])
      .filter((point) => point !== "everything");
    if (points.length === 0) return [];
    const times = points.flatMap((point) =>
      point !== undefined && durationPattern.test(point) ? [minutes(point as Duration)] : [],
    );
    return [
      {
        resource,
        names: namesOf(resource, byUrn),
        ...(times.length > 0 && { pointMinutes: Math.min(...times) }),
        keptByProvider: withPointInTime.includes(resource.props.engine),
      },
    ];
  });
}

/** A resource's URN and name, and those of whatever it is part of, but for the stack. */
export function namesOf(resource: PolicyResource, byUrn: ReadonlyMap<string, PolicyResource>): Set<string> {
  const names = new Set<string>();
  let current: PolicyResource | undefined = resource;
  while (current !== undefined && current.type !== stackType && !names.has(current.urn)) {
    names.add(current.urn).add(current.name);
    current = current.parent && byUrn.get(current.parent.urn);
  }
  return names;
}

/** The backups that reach a store. */
export const reaching = (backups: readonly Backup[], { names }: NeededStore): Backup[] =>
  backups.filter(({ declared }) => declared.reaches.some((name) => names.has(name)));
