import ipaddr from "ipaddr.js";
import type { DesiredResource } from "../golden/desired-state.ts";
import type {
  DatabaseFirewall,
  Firewall,
  Labels,
  NetworkPolicy,
  PodCarrier,
  Service,
  TrustedSource,
} from "./manifests.ts";

/*
 * Who could be on the network, read off the desired state alone. Nothing of components/traffic is used here: what is
 * derived there is judged here.
 */

/** Somebody with an address: one of the platform's, one outside, or a stranger whom no declaration names. */
export interface Actor {
  readonly name: string;
  readonly kind: "member" | "outsider" | "stranger";
  readonly addresses: readonly string[];
  readonly pod?: { readonly namespace: string; readonly labels: Labels };
  readonly droplet?: { readonly tags: readonly string[] };
  readonly database?: { readonly ports: readonly number[]; readonly trusted: readonly TrustedSource[] };
  readonly loadBalancer?: Service;
  /** Whether a rule of the platform's stands between it and others. */
  readonly guarded: boolean;
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
  const pods = podsIn(all, ranges.pods);
  return {
    actors: [
      ...pods,
      ...dropletsIn(all, ranges.vpc),
      ...databasesIn(all, ranges.vpc),
      ...loadBalancersIn(all, ranges.vpc),
      ...outsiders(ranges.pods),
      ...strangers(pods, [...namespaces.keys()], ranges),
    ],
    policies: all.inputsOf<NetworkPolicy>("NetworkPolicy"),
    firewalls: all.inputsOf<Firewall>("Firewall"),
    namespaces,
    ranges,
  };
}

/** The desired state, asked by the last part of a type. */
class Resources {
  readonly all: readonly DesiredResource[];

  constructor(all: readonly DesiredResource[]) {
    // A component's own arguments are not there: what they do shows in its children.
    this.all = all.filter(({ inputs }) => inputs !== undefined);
  }

  ofType(...types: string[]): DesiredResource[] {
    return this.all.filter(({ type }) => types.includes(type.split(":").at(-1) ?? ""));
  }

  inputsOf<Inputs>(...types: string[]): Inputs[] {
    return this.ofType(...types).map(({ inputs }) => inputs as Inputs);
  }
}

const podCarriers = ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"];

function podsIn(all: Resources, range: string): Actor[] {
  return all.inputsOf<PodCarrier>(...podCarriers).map(({ metadata, spec }, index) => {
    const { labels } = (spec.jobTemplate?.spec ?? spec).template?.metadata ?? metadata;
    return {
      name: labels["app.kubernetes.io/name"] ?? "nameless",
      kind: "member",
      addresses: [addressIn(range, 10 + index)],
      pod: { namespace: metadata.namespace, labels },
      guarded: true,
    };
  });
}

/** Droplets are known by what they are for: those of a pool are equal. */
function dropletsIn(all: Resources, range: string): Actor[] {
  const pools = new Map(
    all.inputsOf<{ tags: string[] }>("Droplet").map(({ tags }) => [componentOf(tags), tags]),
  );
  return [...pools].map(([name, tags], index) => ({
    name,
    kind: "member",
    addresses: [addressIn(range, 10 + index)],
    droplet: { tags },
    guarded: true,
  }));
}

/** A primary and its replica bear one name: whoever calls the one may call the other. */
function databasesIn(all: Resources, range: string): Actor[] {
  const firewalls = all.ofType("DatabaseFirewall");
  return all.ofType("DatabaseCluster", "DatabaseReplica").map(({ name, parent, inputs }, index) => {
    const { engine = "pg", tags } = inputs as { engine?: string; tags: string[] };
    const firewall = firewalls.find((one) => one.name === `${name.replace(/-cluster$/, "")}-firewall`);
    const isPrimary = name.endsWith("-cluster");
    const pools = all.ofType("DatabaseConnectionPool").filter((pool) => isPrimary && pool.parent === parent);
    return {
      name: componentOf(tags).replace(/-replica$/, ""),
      kind: "member",
      addresses: [addressIn(range, 100 + index)],
      database: {
        // DigitalOcean's own: a server's port follows from its engine, and pools have one for themselves.
        ports: [engine === "valkey" ? 25_061 : 25_060, ...pools.map(() => 25_061)],
        trusted: (firewall?.inputs as DatabaseFirewall | undefined)?.rules ?? [],
      },
      guarded: true,
    };
  });
}

function loadBalancersIn(all: Resources, range: string): Actor[] {
  return all
    .inputsOf<Service>("Service")
    .filter(({ spec }) => spec.type === "LoadBalancer")
    .map((loadBalancer, index) => ({
      name: "load-balancer",
      kind: "member",
      addresses: [addressIn(range, 200 + index)],
      loadBalancer,
      guarded: true,
    }));
}

/** Those whom declarations name and no rule of ours guards. */
function outsiders(podRange: string): Actor[] {
  return [
    { name: "internet", kind: "outsider", addresses: ["8.8.8.8", "2606:4700:4700::1111"], guarded: false },
    { name: "operators", kind: "outsider", addresses: ["203.0.113.10"], guarded: false },
    {
      name: "cluster-names",
      kind: "outsider",
      addresses: [addressIn(podRange, 5)],
      pod: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
      guarded: false,
    },
  ];
}

/** Those whom no declaration names: what they may do is what a rule opens without meaning it. */
function strangers(
  pods: readonly Actor[],
  namespaces: readonly string[],
  { vpc, pods: podRange }: World["ranges"],
) {
  const machine = (name: string, address: string): Actor => ({
    name,
    kind: "stranger",
    addresses: [address],
    guarded: false,
  });
  const pod = (name: string, namespace: string, labels: Labels, index: number): Actor => ({
    ...machine(name, addressIn(podRange, 1000 + index)),
    pod: { namespace, labels },
    guarded: namespaces.includes(namespace),
  });
  return [
    machine("a stranger in the network", addressIn(vpc, 60_000)),
    machine("a stranger in another network", "192.168.200.9"),
    machine("the metadata service", "169.254.169.254"),
    pod("a stranger in kube-system", "kube-system", { "k8s-app": "other" }, 0),
    ...namespaces.map((namespace, index) =>
      pod(`a newcomer in ${namespace}`, namespace, { "app.kubernetes.io/name": "newcomer" }, 100 + index),
    ),
    ...pods.map(({ name, pod: member }, index) =>
      pod(`an impostor of ${name}`, "default", { ...member?.labels }, 200 + index),
    ),
  ];
}

function componentOf(tags: readonly string[]): string {
  const prefix = "component:";
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length) ?? "nameless";
}

function addressIn(range: string, index: number): string {
  const [first, second, third = 0, fourth = 0] = ipaddr.IPv4.networkAddressFromCIDR(range).octets;
  return `${first}.${second}.${third + Math.floor(index / 256)}.${fourth + (index % 256)}`;
}
