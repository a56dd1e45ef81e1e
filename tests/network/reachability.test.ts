import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Party } from "../../components/traffic/declaration.ts";
import { type Flow, flowsOf } from "../../components/traffic/plan.ts";
import { platformTraffic } from "../../stacks/traffic.ts";
import type { DesiredResource } from "../golden/desired-state.ts";
import { goldenFile } from "../golden/file.ts";
import { isPublic, letIn, letOut, withinAny } from "./evaluator.ts";
import type { DatabaseFirewall, Firewall, NetworkPolicy, Service } from "./manifests.ts";
import { common, merged, type PortRange, written } from "./ports.ts";
import { type Actor, type World, worldOf } from "./world.ts";

const desired = (environment: string): DesiredResource[] =>
  JSON.parse(readFileSync(goldenFile(environment), "utf8"));
const parties: readonly Party[] = platformTraffic().everybody;
const flows = flowsOf(parties);

/**
 * Whom a rule at `end` means when it is to mean `party`. Pods know each other by their labels; all else is coarser,
 * and this says how much: whoever is in the network's range passes for a load balancer or a database, whatever pod of
 * the cluster for another before a database.
 */
function seen(party: Party, end: Actor, { ranges }: World): (actor: Actor) => boolean {
  const inRange =
    (...cidrs: string[]) =>
    (actor: Actor) =>
      actor.addresses.some((address) => withinAny(address, cidrs));
  const itself = ({ name }: Actor) => name === party.name;
  switch (party.place.kind) {
    case "pods":
      if (end.droplet) return inRange(ranges.vpc, ranges.pods);
      return end.database ? ({ pod }) => pod !== undefined : itself;
    case "outside":
      if (party.place.addresses === "operators") return itself;
      // Pods have no IPv6; a cloud firewall knows no exceptions.
      if (end.droplet) return () => true;
      if (end.loadBalancer || party.place.addresses === "internet") return isPublic;
      return inRange("0.0.0.0/0");
    default:
      return end.database || end.loadBalancer ? itself : inRange(ranges.vpc);
  }
}

type Openings = (from: Actor, to: Actor) => readonly PortRange[];

/** Every connection that is open, as one line each, sorted. */
function connections(from: readonly Actor[], to: readonly Actor[], openings: Openings): string[] {
  const lines = from.flatMap((caller) =>
    to
      .filter(({ name }) => name !== caller.name)
      .flatMap((called) =>
        merged(openings(caller, called)).map((range) => `${caller.name} -> ${called.name} ${written(range)}`),
      ),
  );
  return [...new Set(lines)].sort();
}

/** What is open in fact and what is declared, at either end alone and from end to end. */
function compare(world: World) {
  const { actors } = world;
  const guarded = actors.filter((actor) => actor.guarded);
  // Databases answer, and call nobody.
  const callers = actors.filter(({ database }) => database === undefined);
  const declared = (meant: (flow: Flow) => boolean) =>
    flows.filter(meant).map(({ protocol, port }): PortRange => ({ protocol, first: port, last: port }));
  return {
    "let out": {
      open: connections(
        callers.filter((actor) => actor.guarded),
        actors,
        (from, to) => letOut(world, from, to),
      ),
      declared: connections(
        callers.filter((actor) => actor.guarded),
        actors,
        (from, to) => declared((flow) => flow.from.name === from.name && seen(flow.to, from, world)(to)),
      ),
    },
    "let in": {
      open: connections(actors, guarded, (from, to) => letIn(world, from, to)),
      declared: connections(actors, guarded, (from, to) => {
        const meant = (flow: Flow) => flow.to.name === to.name && seen(flow.from, to, world)(from);
        // A database's trusted sources know no ports: whoever may call one of its ports may call all.
        return to.database && flows.some(meant) ? portsOf(to) : declared(meant);
      }),
    },
    "end to end": {
      open: connections(
        callers.filter(
          ({ kind, pod, guarded: own }) => kind === "member" || (kind === "outsider" && !pod && !own),
        ),
        guarded,
        (from, to) => common(letOut(world, from, to), letIn(world, from, to)),
      ),
      declared: connections(
        callers.filter(({ kind }) => kind !== "stranger"),
        guarded,
        (from, to) => declared((flow) => flow.to.name === to.name && isMeant(flow.from, from)),
      ),
    },
  };
}

/** Whether the party is this very one; on the internet operators are too. */
function isMeant(party: Party, actor: Actor): boolean {
  return party.name === actor.name || (party.name === "internet" && actor.name === "operators");
}

function portsOf({ database }: Actor): PortRange[] {
  return (database?.ports ?? []).map((port) => ({ protocol: "tcp", first: port, last: port }));
}

describe.each(["staging", "production"])("on the network of %s", (environment) => {
  const world = worldOf(desired(environment));
  const comparison = compare(world);

  it("everybody who is there is declared, and everybody declared is there", () => {
    const members = world.actors.filter(({ kind }) => kind !== "stranger").map(({ name }) => name);
    // Where Kubernetes' own is, nobody knows: it is met among the public.
    const declared = parties.map(({ name }) => name).filter((name) => name !== "kubernetes-api");
    expect([...new Set(members)].sort()).toEqual(declared.sort());
  });

  it.each(["let out", "let in", "end to end"] as const)(
    "what is %s is what is declared: nothing declared is closed, nothing open is undeclared",
    (relation) => {
      const { open, declared } = comparison[relation];
      expect(declared.length).toBeGreaterThan(10);
      expect(open).toEqual(declared);
    },
  );
});

/** The network of production with one resource changed, known by the end of its name. */
function changed<Inputs>(end: string, change: (inputs: Inputs) => void): World {
  const resources = structuredClone(desired("production"));
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

/** Both ways in which a comparison can fail, over all relations. */
function differences(world: World): { opened: string[]; closed: string[] } {
  const all = Object.values(compare(world));
  const missing = (these: string[], those: string[]) => these.filter((line) => !those.includes(line));
  return {
    opened: all.flatMap(({ open, declared }) => missing(open, declared)),
    closed: all.flatMap(({ open, declared }) => missing(declared, open)),
  };
}

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
      "internet -> postgres tcp 25060",
    ],
    [
      "a port of the load balancer",
      service(({ ports }) => ports.push({ port: 9113, targetPort: 9113 })),
      "internet -> load-balancer tcp 9113",
    ],
  ])("%s", (_, change, line) => {
    expect(differences(change()).opened).toContain(line);
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
      "a load balancer that leads to nobody",
      service(({ selector }) => Object.assign(selector, { "app.kubernetes.io/name": "proxy" })),
      "load-balancer -> edge tcp 8080",
    ],
  ])("%s", (_, change, line) => {
    expect(differences(change()).closed).toContain(line);
  });
});
