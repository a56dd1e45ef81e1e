import { describe, expect, it } from "vitest";
import { desired, differences, partiesOf } from "./comparison.ts";
import type { DatabaseFirewall, Firewall, NetworkPolicy, PodCarrier, PodSpec, Service } from "./manifests.ts";
import { type World, worldOf } from "./world.ts";

const parties = partiesOf("production");

/** The network of production with one resource changed, known by the end of its name. */
function changed<Inputs>(end: string, change: (inputs: Inputs) => void): World {
  const resources = desired("production");
  const [found, ...more] = resources.filter(({ name, inputs }) => name.endsWith(end) && inputs !== undefined);
  if (!found || more.length > 0) throw new Error(`not one resource of production ends in ${end}`);
  change(found.inputs as Inputs);
  return worldOf(resources);
}
type Policy = NetworkPolicy["spec"];
type Change = () => World;
const policy = (end: string, change: (spec: Policy) => void) => () =>
  changed<NetworkPolicy>(end, ({ spec }) => change(spec));
const firewall = (change: (firewall: Firewall) => void) => () => changed("-gpu-firewall-rules", change);
const trusted = (end: string, change: (firewall: DatabaseFirewall) => void) => () => changed(end, change);
const service = (change: (spec: Service["spec"]) => void) => () =>
  changed<Service>("-proxy-load-balancer", ({ spec }) => change(spec));

/** The rule that lets something in on a port. */
const ruleOf = (port: string, { inboundRules = [] }: Firewall) =>
  inboundRules.find(({ portRange }) => portRange === port);

const peersOf = (spec: Policy) =>
  [spec.ingress, spec.egress].flatMap((rules = []) => rules.flatMap(({ from, to }) => from ?? to ?? []));

describe("the comparison notices what is open and not declared:", () => {
  it.each<[string, Change, string]>([
    [
      "a port opened to a caller",
      policy("-app-api-traffic", ({ ingress }) => ingress?.[0]?.ports?.push({ port: 4444, protocol: "TCP" })),
      "edge -> api tcp 4444",
    ],
    [
      "a range of ports",
      policy("-app-api-traffic", ({ ingress }) =>
        Object.assign(ingress?.[0]?.ports?.[0] ?? {}, { endPort: 8010 }),
      ),
      "edge -> api tcp 8000-8010",
    ],
    [
      "every port, where none is named",
      policy("-app-api-traffic", ({ ingress }) => delete ingress?.[0]?.ports),
      "edge -> api udp 1-65535",
    ],
    [
      "a caller that is known by his labels in any namespace",
      policy("-app-api-traffic", (spec) => {
        for (const peer of peersOf(spec)) if (peer.namespaceSelector) peer.namespaceSelector = {};
      }),
      "an impostor of edge -> api tcp 8000",
    ],
    [
      "every pod of a namespace let in",
      policy("-app-web-traffic", (spec) => {
        for (const peer of peersOf(spec)) if (peer.podSelector) peer.podSelector = {};
      }),
      "a newcomer in whisper-production-edge -> web tcp 3000",
    ],
    [
      "a widened range",
      policy("-proxy-proxy-traffic", (spec) => {
        for (const { ipBlock } of peersOf(spec)) if (ipBlock) ipBlock.cidr = "10.0.0.0/8";
      }),
      "api -> edge tcp 8080",
    ],
    [
      "an exception that is gone",
      policy("-app-web-traffic", (spec) => {
        for (const { ipBlock } of peersOf(spec)) delete ipBlock?.except;
      }),
      "web -> the metadata service tcp 443",
    ],
    [
      "an exception that every policy has lost",
      () => {
        const text = JSON.stringify(desired("production")).replaceAll('"100.64.0.0/10"', '"198.51.100.0/24"');
        return worldOf(JSON.parse(text));
      },
      "web -> a machine at 100.64.0.0 tcp 443",
    ],
    [
      "pods let in to their own kind",
      policy("-app-api-traffic", ({ ingress }) =>
        ingress?.push({ from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "api" } } }] }),
      ),
      "api -> api tcp 1-65535",
    ],
    [
      "everything let out",
      policy("-app-worker-traffic", ({ egress }) => egress?.push({})),
      "worker -> api tcp 1-65535",
    ],
    [
      "a direction that nothing guards",
      policy("-application-deny-all", (spec) => {
        spec.policyTypes = ["Ingress"];
      }),
      "a newcomer in whisper-production-application -> internet tcp 1-65535",
    ],
    [
      "SSH open to the world",
      firewall((rules) => ruleOf("22", rules)?.sourceAddresses?.push("0.0.0.0/0")),
      "internet -> gpu-worker tcp 22",
    ],
    [
      "SSH open to the operators' neighbours",
      firewall((rules) => Object.assign(ruleOf("22", rules) ?? {}, { sourceAddresses: ["203.0.112.0/22"] })),
      "a machine at 203.0.115.255 -> gpu-worker tcp 22",
    ],
    [
      "one droplet of a pool, without the firewall's tag",
      () =>
        changed<{ tags: string[] }>("-gpu-g1-0", (droplet) => {
          droplet.tags = droplet.tags.filter((tag) => tag.startsWith("component:"));
        }),
      "internet -> gpu-worker tcp 1-65535",
    ],
    [
      "droplets let out to the database past its pool",
      firewall(({ outboundRules = [] }) => {
        for (const rule of outboundRules) if (rule.portRange === "25061") rule.portRange = "25060-25061";
      }),
      "gpu-worker -> postgres tcp 25060-25061",
    ],
    [
      "a firewall that nobody is behind",
      firewall((rules) => {
        rules.tags = ["others"];
      }),
      "internet -> gpu-worker tcp 1-65535",
    ],
    [
      "a database that trusts an office",
      trusted("-production-postgres-firewall", ({ rules }) =>
        rules.push({ type: "ip_addr", value: "203.0.113.0/24" }),
      ),
      "operators -> postgres tcp 25060-25061",
    ],
    [
      "a replica that trusts nobody in particular, and so everybody",
      trusted("-postgres-replica-firewall", (replica) => {
        replica.rules = [];
      }),
      "internet -> postgres 2 tcp 25060",
    ],
    [
      "a port of the load balancer",
      service(({ ports }) => ports.push({ port: 9113, targetPort: 9113 })),
      "internet -> load-balancer tcp 9113",
    ],
  ])("%s", (_, change, line) => {
    expect(differences(change(), parties).opened).toContain(line);
  });
});

describe("the comparison notices what is declared and not open:", () => {
  it.each<[string, Change, string]>([
    [
      "a caller that is let in no more",
      policy("-app-api-traffic", ({ ingress }) => ingress?.shift()),
      "edge -> api tcp 8000",
    ],
    [
      "a caller that is let out no more",
      policy("-app-web-traffic", ({ egress }) => egress?.shift()),
      "web -> internet tcp 443",
    ],
    [
      "a policy that chooses nobody",
      policy("-app-worker-traffic", (spec) => {
        spec.podSelector = { matchLabels: { "app.kubernetes.io/name": "nobody" } };
      }),
      "worker -> valkey tcp 25061",
    ],
    [
      "a wrong port",
      policy("-app-migrations-traffic", ({ egress }) =>
        Object.assign(egress?.[0]?.ports?.[0] ?? {}, { port: 25_061 }),
      ),
      "migrations -> postgres tcp 25060",
    ],
    [
      "a wrong protocol",
      firewall((rules) => Object.assign(ruleOf("9400", rules) ?? {}, { protocol: "udp" })),
      "prometheus -> gpu-worker tcp 9400",
    ],
    [
      "a range that is too narrow",
      firewall((rules) => ruleOf("9400", rules)?.sourceAddresses?.pop()),
      "prometheus -> gpu-worker tcp 9400",
    ],
    [
      "a database that does not trust the cluster",
      trusted("-production-valkey-firewall", ({ rules }) => rules.shift()),
      "worker -> valkey tcp 25061",
    ],
    [
      "a replica that does not trust the cluster",
      trusted("-postgres-replica-firewall", ({ rules }) => rules.shift()),
      "migrations -> postgres 2 tcp 25060",
    ],
    [
      "members that let each other in no more",
      policy("-neo4j-traffic", ({ ingress = [] }) => {
        for (const { ports } of ingress) ports?.splice(0, ports.length, { port: 7687, protocol: "TCP" });
      }),
      "neo4j -> neo4j tcp 6000",
    ],
    [
      "a load balancer that leads to nobody",
      service(({ selector }) => Object.assign(selector, { "app.kubernetes.io/name": "proxy" })),
      "load-balancer -> edge tcp 8080",
    ],
  ])("%s", (_, change, line) => {
    expect(differences(change(), parties).closed).toContain(line);
  });
});

/** The pods' specification in what makes the API's. */
const apiPods = (change: (spec: PodSpec) => void) => () =>
  changed<PodCarrier>("-app-api-deployment", ({ spec }) => change(spec.template?.spec ?? {}));

describe("what nobody judges is refused, not taken for closed:", () => {
  it.each<[string, Change, string]>([
    [
      "pods in the network of their node",
      apiPods((spec) => {
        spec.hostNetwork = true;
      }),
      "in the network of their node",
    ],
    [
      "a port of the node",
      apiPods((spec) => spec.containers?.[0]?.ports?.push({ hostPort: 8000 })),
      "have the port 8000 of their node",
    ],
    [
      "a Service on every node",
      service((spec) => {
        spec.type = "NodePort";
      }),
      "is a NodePort",
    ],
    [
      "a Service with an address from outside",
      service((spec) => {
        spec.externalIPs = ["203.0.113.9"];
      }),
      "has external addresses",
    ],
    [
      "a protocol without a test",
      policy("-app-api-traffic", ({ ingress }) => ingress?.[0]?.ports?.push({ protocol: "SCTP" })),
      "lets SCTP through",
    ],
    [
      "a protocol without ports",
      firewall(({ inboundRules }) =>
        inboundRules?.push({ protocol: "icmp", sourceAddresses: ["0.0.0.0/0"] }),
      ),
      "lets icmp through",
    ],
    [
      "a source that only DigitalOcean can name",
      firewall((rules) => Object.assign(ruleOf("22", rules) ?? {}, { sourceLoadBalancerUids: ["any"] })),
      "says sourceLoadBalancerUids",
    ],
    [
      "a droplet that a database trusts",
      trusted("-production-valkey-firewall", ({ rules }) => rules.push({ type: "droplet", value: "7" })),
      "trusts the droplet 7",
    ],
    [
      "a kind of thing that opens a way",
      () => {
        const peering = { name: "peering", type: "digitalocean:index/vpcPeering:VpcPeering", inputs: {} };
        return worldOf([...desired("production"), peering]);
      },
      "peering is a digitalocean:index/vpcPeering:VpcPeering",
    ],
  ])("%s", (_, change, problem) => {
    expect(change).toThrow(problem);
  });
});
