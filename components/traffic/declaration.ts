/*
 * Who is on the platform's network, what each listens on and whom it calls: said once, by the component that listens
 * or calls. Network policies, cloud firewalls, trusted sources and the table in docs/network.md are all derived
 * from it.
 */

/** Where a party is, which decides what guards it. */
export type Place =
  /** Pods that bear a label in a namespace, by its short name. A network policy guards them. */
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly label: readonly [key: string, value: string];
    }
  /** Droplets of one firewall's tag. That firewall guards them. */
  | { readonly kind: "droplets" }
  /** A managed database. Its trusted sources guard it, and know clusters, tags and addresses, but no ports. */
  | { readonly kind: "database" }
  /** The cluster's nodes themselves, which DigitalOcean's own firewall guards. */
  | { readonly kind: "nodes" }
  /** A load balancer of DigitalOcean's, which listens where its Service says. */
  | { readonly kind: "load-balancer" }
  /** Nothing of ours: no rule guards it. */
  | { readonly kind: "outside"; readonly addresses: OutsideAddresses };

/** Where somebody outside is. */
export type OutsideAddresses =
  /** Public addresses; the private ranges are not meant. */
  | "internet"
  /** Anywhere at all: whoever runs it does not say where. */
  | "anywhere"
  /** The ranges that operators come from; each deployment names its own. */
  | "operators";

/** A port of a party. */
export interface Endpoint {
  /** Name of the party that listens. */
  readonly party: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

/** Something a party calls. */
export interface Call {
  readonly to: Endpoint;
  /** What for, in a few words, for the table. @example "jobs and sessions" */
  readonly purpose: string;
}

/** A port that a party opens. */
export interface Listener {
  readonly port: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /**
   * Whether metrics are read here, so that Prometheus calls it.
   * @default false
   */
  readonly metrics?: boolean;
  /**
   * Who outside may connect. Whoever is inside says so himself, by a {@link Call}.
   * @default nobody outside
   * @example [{ who: operators, purpose: "sign in" }]
   */
  readonly openTo?: readonly { readonly who: Party; readonly purpose: string }[];
}

/** One that listens, calls, or both. */
export interface Party<Ports extends string = string> {
  /** Unique on the network. Pods bear it as the label `app.kubernetes.io/name`. */
  readonly name: string;
  readonly place: Place;
  readonly listens: Readonly<Record<Ports, Listener>>;
  readonly calls: readonly Call[];
  /** Its ports, for whoever calls it. */
  readonly at: Readonly<Record<Ports, Endpoint>>;
}

/** What {@link declareParty} is told. */
export interface Declaration<Ports extends string> {
  /**
   * Its ports, by name.
   * @default it listens on nothing
   */
  readonly listens?: Readonly<Record<Ports, Listener>>;
  /**
   * Whom it calls.
   * @default nobody
   */
  readonly calls?: readonly Call[];
}

/**
 * Declares a party.
 *
 * @example
 * ```ts
 * const api = declareParty("api", place, {
 *   listens: { http: { port: 8000 } },
 *   calls: [{ to: postgresTraffic.at.pooled, purpose: "jobs and users" }],
 * });
 * api.at.http; // what others call
 * ```
 */
export function declareParty<const Ports extends string = never>(
  name: string,
  place: Place,
  { listens, calls = [] }: Declaration<Ports>,
): Party<Ports> {
  const ports = (listens ?? {}) as Readonly<Record<Ports, Listener>>;
  const at = Object.fromEntries(
    Object.entries<Listener>(ports).map(([port, listener]) => [
      port,
      { party: name, protocol: listener.protocol ?? "tcp", port: listener.port },
    ]),
  ) as Record<Ports, Endpoint>;
  return { name, place, listens: ports, calls, at };
}
