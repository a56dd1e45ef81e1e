import ipaddr from "ipaddr.js";
import type { DesiredResource } from "../golden/desired-state.ts";
import type {
  DatabaseFirewall,
  Firewall,
  Labels,
  NetworkPolicy,
  Service,
  TrustedSource,
} from "./manifests.ts";
import { Resources } from "./resources.ts";
import { refuseUnjudged } from "./unjudged.ts";

/*
 * Who could be on the network, read off the desired state alone. Nothing of components/traffic is used here: what is
 * derived there is judged here.
 */

/** Somebody with an address: one of the platform's, one outside, or a stranger whom no declaration names. */
export interface Actor {
  /** Nobody else's. */
  readonly name: string;
  /** What declarations call him, and those who are to be like him: droplets of a pool, a primary and its replica. */
  readonly party?: string;
  readonly kind: "member" | "outsider" | "stranger";
  readonly addresses: readonly string[];
  readonly pod?: { readonly namespace: string; readonly labels: Labels };
  readonly droplet?: { readonly tags: readonly string[] };
  readonly database?: {
    readonly ports: readonly number[];
    readonly trusted: readonly TrustedSource[];
    readonly isReplica: boolean;
  };
  readonly loadBalancer?: Service;
  /** Whether a rule of the platform's stands between it and others. */
  readonly guarded: boolean;
  /** Whether it is looked at as one who answers alone. */
  readonly answersAlone?: boolean;
}

/** The rules there are, and everybody they could concern. */
export interface World {
  readonly actors: readonly Actor[];
  readonly policies: readonly NetworkPolicy[];
  readonly firewalls: readonly Firewall[];
  /** Labels of each namespace, by its name. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly ranges: { readonly vpc: string; readonly pods: string };
}

/** Reads the world off an environment's desired state. */
export function worldOf(resources: readonly DesiredResource[]): World {
  refuseUnjudged(resources);
  const all = new Resources(resources);
  const [vpc] = all.inputsOf<{ ipRange: string }>("Vpc");
  const [cluster] = all.inputsOf<{ clusterSubnet: string }>("KubernetesCluster");
  if (!vpc || !cluster) throw new Error("the desired state has no network or no cluster");
  const ranges = { vpc: vpc.ipRange, pods: cluster.clusterSubnet };
  const namespaces = new Map(
    all
      .inputsOf<{ metadata: { name: string; labels: Labels } }>("Namespace")
      .map(({ metadata }) => [metadata.name, metadata.labels]),
  );
  const policies = all.inputsOf<NetworkPolicy>("NetworkPolicy");
  const firewalls = all.inputsOf<Firewall>("Firewall");
  const databaseRules = all.inputsOf<DatabaseFirewall>("DatabaseFirewall");
  const services = all.inputsOf<Service>("Service");
  const members = [
    ...podsIn(all, ranges.pods),
    ...dropletsIn(all, ranges.vpc),
    ...databasesIn(all, ranges.vpc),
    ...loadBalancersIn(all, ranges.vpc),
  ].map(memberOf);
  const named = numbered([...members, ...outsiders(ranges)]);
  const cidrs = cidrsIn([policies, firewalls, databaseRules, services, ranges, notPublic]);
  return {
    actors: [...named, ...strangers(named, [...namespaces.keys()], ranges.pods), ...edgesOf(cidrs)],
    policies,
    firewalls,
    namespaces,
    ranges,
  };
}

/** One of the platform's, before it has a name that nobody else bears. */
type Member = Pick<Actor, "addresses" | "pod" | "droplet" | "database" | "loadBalancer"> & {
  readonly party: string;
};

const memberOf = (member: Member): Actor => ({
  ...member,
  name: member.party,
  kind: "member",
  guarded: true,
});

/** The second of a name gets a number: what is open to one of a pool, and closed to another, is seen. */
function numbered(actors: readonly Actor[]): Actor[] {
  const seen = new Map<string, number>();
  return actors.map((actor) => {
    const count = (seen.get(actor.name) ?? 0) + 1;
    seen.set(actor.name, count);
    return count === 1 ? actor : { ...actor, name: `${actor.name} ${count}` };
  });
}

function podsIn(all: Resources, range: string): Member[] {
  return all.podCarriers().map(({ metadata, spec }, index) => {
    const { labels } = (spec.jobTemplate?.spec ?? spec).template?.metadata ?? metadata;
    return {
      party: labels["app.kubernetes.io/name"] ?? "nameless",
      addresses: [addressIn(range, 10 + index)],
      pod: { namespace: metadata.namespace, labels },
    };
  });
}

function dropletsIn(all: Resources, range: string): Member[] {
  return all.inputsOf<{ tags: string[] }>("Droplet").map(({ tags }, index) => ({
    party: componentOf(tags),
    addresses: [addressIn(range, 10 + index)],
    droplet: { tags },
  }));
}

/** A primary and its replica are one party: whoever calls the one may call the other. */
function databasesIn(all: Resources, range: string): Member[] {
  const firewalls = all.ofType("DatabaseFirewall");
  return all.ofType("DatabaseCluster", "DatabaseReplica").map(({ name, parent, inputs }, index) => {
    const { engine = "pg", tags } = inputs as { engine?: string; tags: string[] };
    const firewall = firewalls.find((one) => one.name === `${name.replace(/-cluster$/, "")}-firewall`);
    const isPrimary = name.endsWith("-cluster");
    const pools = all.ofType("DatabaseConnectionPool").filter((pool) => isPrimary && pool.parent === parent);
    return {
      party: componentOf(tags).replace(/-replica$/, ""),
      addresses: [addressIn(range, 100 + index)],
      database: {
        // DigitalOcean's own: a server's port follows from its engine, and pools have one for themselves.
        ports: [engine === "valkey" ? 25_061 : 25_060, ...pools.map(() => 25_061), 9273],
        isReplica: !isPrimary,
        trusted: (firewall?.inputs as DatabaseFirewall | undefined)?.rules ?? [],
      },
    };
  });
}

function loadBalancersIn(all: Resources, range: string): Member[] {
  return all
    .inputsOf<Service>("Service")
    .filter(({ spec }) => spec.type === "LoadBalancer")
    .map((loadBalancer, index) => ({
      party: "load-balancer",
      addresses: [addressIn(range, 200 + index)],
      loadBalancer,
    }));
}

/** Those whom declarations name and no rule of ours guards. */
function outsiders({ vpc, pods }: World["ranges"]): Actor[] {
  const outsider = (name: string, ...addresses: string[]) =>
    ({ name, party: name, kind: "outsider", addresses, guarded: false }) as const;
  return [
    outsider("internet", "8.8.8.8", "2606:4700:4700::1111"),
    outsider("operators", "203.0.113.10"),
    // What else is on a node passes for whatever is met by the network's range: that is seen of other machines there.
    { ...outsider("kubelets", addressIn(vpc, 250)), answersAlone: true },
    {
      ...outsider("cluster-names", addressIn(pods, 5)),
      pod: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    },
  ];
}

const machine = (name: string, address: string): Actor => ({
  name,
  kind: "stranger",
  addresses: [address],
  guarded: false,
});

/** Those whom no declaration names: what they may do is what a rule opens without meaning it. */
function strangers(members: readonly Actor[], namespaces: readonly string[], podRange: string): Actor[] {
  const pod = (name: string, namespace: string, labels: Labels, index: number): Actor => ({
    ...machine(name, addressIn(podRange, 1000 + index)),
    pod: { namespace, labels },
    guarded: namespaces.includes(namespace),
  });
  return [
    machine("the metadata service", "169.254.169.254"),
    pod("a stranger in kube-system", "kube-system", { "k8s-app": "other" }, 0),
    ...namespaces.map((namespace, index) =>
      pod(`a newcomer in ${namespace}`, namespace, { "app.kubernetes.io/name": "newcomer" }, 100 + index),
    ),
    ...members.flatMap(({ name, kind, pod: member }, index) =>
      member && kind === "member"
        ? [pod(`an impostor of ${name}`, "default", { ...member.labels }, 200 + index)]
        : [],
    ),
  ];
}

/** Ranges that are met in no internet, whether or not a rule remembers them: private ones, carriers', those of a link. */
const notPublic = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];

/** Every range of IPv4 that a rule names, but for the one that is all of it. */
function cidrsIn(rules: unknown): string[] {
  const found = JSON.stringify(rules).matchAll(/"(\d+\.\d+\.\d+\.\d+\/[1-9]\d?)"/g);
  return [...new Set([...found].map(([, cidr = ""]) => cidr))];
}

/**
 * A machine at either side of both ends of each range: rules can tell addresses apart there alone, so that whatever a
 * rule says of any address, it says of one of these.
 */
function edgesOf(cidrs: readonly string[]): Actor[] {
  const numbers = cidrs.flatMap((cidr) => {
    const first = numberOf(ipaddr.IPv4.networkAddressFromCIDR(cidr));
    const last = numberOf(ipaddr.IPv4.broadcastAddressFromCIDR(cidr));
    return [first - 1, first, last, last + 1];
  });
  const inIpv4 = numbers.filter((number) => number >= 0 && number < 2 ** 32);
  return [...new Set(inIpv4)].map(addressOf).map((address) => machine(`a machine at ${address}`, address));
}

const numberOf = ({ octets }: ipaddr.IPv4): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);
const addressOf = (number: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");

function componentOf(tags: readonly string[]): string {
  const prefix = "component:";
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length) ?? "nameless";
}

function addressIn(range: string, index: number): string {
  const [first, second, third = 0, fourth = 0] = ipaddr.IPv4.networkAddressFromCIDR(range).octets;
  return `${first}.${second}.${third + Math.floor(index / 256)}.${fourth + (index % 256)}`;
}
