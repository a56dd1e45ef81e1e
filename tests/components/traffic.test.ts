import { describe, expect, it } from "vitest";
import { trustedCallers } from "../../components/database/trusted-sources.ts";
import { clusterNames, declarePods } from "../../components/kubernetes-cluster/traffic.ts";
import { declareParty, type Party } from "../../components/traffic/declaration.ts";
import { dropletTraffic } from "../../components/traffic/firewall-rules.ts";
import { podTraffic } from "../../components/traffic/network-policy.ts";
import { internet, operators } from "../../components/traffic/outside.ts";
import { planTraffic, type Sites } from "../../components/traffic/plan.ts";
import { refusalOf } from "./harness.ts";

const sites: Sites = {
  addresses: { vpc: "10.16.0.0/16", pods: "10.17.0.0/16", services: "10.18.0.0/20" },
  namespaces: { shop: "test-shop", "kube-system": "kube-system" },
  operatorRanges: ["203.0.113.0/24"],
};
const store = declareParty(
  "store",
  { kind: "database" },
  { listens: { direct: { port: 25_060 }, pooled: { port: 25_061 } } },
);
const shelf = declareParty("shelf", { kind: "database" }, { listens: { direct: { port: 25_061 } } });
const machine = declareParty(
  "machine",
  { kind: "droplets" },
  {
    listens: {
      ssh: { port: 22, openTo: [{ who: operators, purpose: "sign in" }] },
      metrics: { port: 9100 },
    },
    calls: [
      { to: store.at.pooled, purpose: "jobs" },
      { to: shelf.at.direct, purpose: "queue" },
      { to: internet.at.https, purpose: "images" },
    ],
  },
);
const till = declarePods("till", "shop", { listens: { http: { port: 8000 } } });
const front = declarePods("front", "shop", {
  calls: [
    { to: till.at.http, purpose: "sales" },
    { to: store.at.pooled, purpose: "jobs" },
    { to: shelf.at.direct, purpose: "queue" },
    { to: machine.at.metrics, purpose: "metrics" },
    { to: internet.at.https, purpose: "taxes" },
  ],
});
const parties = [internet, operators, till, front, machine, store, shelf, clusterNames];
const plan = planTraffic(parties, sites);

const podsOf = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "test-shop" } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
});
const tcp = (port: number) => ({ protocol: "TCP", port });
const names = [{ protocol: "UDP", port: 53 }, tcp(53)];

describe("the traffic of pods", () => {
  it("lets in whoever calls them, on the port that is called", () => {
    expect(podTraffic(plan, till).ingress).toEqual([{ from: [podsOf("front")], ports: [tcp(8000)] }]);
  });

  it("lets them reach what they call, those of one range at once, and the cluster's resolver", () => {
    expect(podTraffic(plan, front).egress).toEqual([
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: expect.arrayContaining(["10.0.0.0/8"]) } }],
        ports: [tcp(443)],
      },
      { to: [podsOf("till")], ports: [tcp(8000)] },
      { to: [{ ipBlock: { cidr: "10.16.0.0/16" } }], ports: [tcp(9100), tcp(25_061)] },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: names,
      },
    ]);
  });

  it("lets in nobody where nobody calls", () => {
    expect(podTraffic(plan, front).ingress).toEqual([]);
  });
});

describe("the traffic of droplets", () => {
  const { inbound, outbound } = dropletTraffic(plan, machine);

  it("lets in whom it is opened to, and pods by their own addresses and their nodes'", () => {
    expect(inbound).toEqual([
      { protocol: "tcp", ports: 22, peers: ["203.0.113.0/24"], purpose: "sign in" },
      { protocol: "tcp", ports: 9100, peers: ["10.16.0.0/16", "10.17.0.0/16"], purpose: "metrics" },
    ]);
  });

  it("says once what two stores have in common", () => {
    expect(outbound).toEqual([
      { protocol: "tcp", ports: 443, peers: ["0.0.0.0/0", "::/0"], purpose: "images" },
      { protocol: "tcp", ports: 25_061, peers: ["10.16.0.0/16"], purpose: "jobs; queue" },
    ]);
  });
});

describe("the sources that a database trusts", () => {
  const known = { clusterId: "cluster", tags: { machine: "machines" } };

  it("are those of its callers", () => {
    expect(trustedCallers(plan, store, known)).toEqual({
      trustedClusterIds: ["cluster"],
      trustedTags: ["machines"],
      trustedAddresses: [],
    });
  });

  it("are operators' ranges where it is open to operators", () => {
    const open = declareParty(
      "open",
      { kind: "database" },
      { listens: { direct: { port: 25_060, openTo: [{ who: operators, purpose: "repairs" }] } } },
    );
    const own = planTraffic([operators, open], sites);
    expect(trustedCallers(own, open, known)).toMatchObject({
      trustedClusterIds: [],
      trustedAddresses: ["203.0.113.0/24"],
    });
  });

  it("cannot be those whose tag is not told", () => {
    expect(() => trustedCallers(plan, store, { ...known, tags: {} })).toThrow("name the tag of its droplets");
  });
});

describe("a plan", () => {
  const faultsOf = async (...more: Party[]) => {
    const { faults } = (await refusalOf(() => planTraffic([...parties, ...more], sites))) as Error & {
      faults: readonly { path: string; problem: string; remedy: string }[];
    };
    return faults;
  };
  const stranger = declarePods("stranger", "shop", { listens: { http: { port: 1 } } });
  const caller = (to: Party["at"][string]) =>
    declarePods("caller", "shop", { calls: [{ to, purpose: "-" }] });
  const openTo = (who: Party) => ({ listens: { http: { port: 80, openTo: [{ who, purpose: "-" }] } } });

  it.each<[string, Party, string, string]>([
    ["a name that is taken", declarePods("till", "shop", {}), "till", "declared again"],
    ["a namespace that is not there", declarePods("lost", "attic", {}), "lost.place.namespace", '"attic"'],
    [
      "a port that is none",
      declarePods("odd", "shop", { listens: { http: { port: 0 } } }),
      "odd.listens.http",
      "is 0",
    ],
    ["a call to one who is not there", caller(stranger.at.http), "caller.calls[2]", "who is not in the plan"],
    [
      "a call to a port that nobody opened",
      caller({ party: "till", protocol: "tcp", port: 8001 }),
      "caller.calls[2]",
      "who does not listen there",
    ],
    [
      "a call by the wrong protocol",
      caller({ party: "till", protocol: "udp", port: 8000 }),
      "caller.calls[2]",
      "udp 8000",
    ],
    [
      "pods open to the internet",
      declarePods("open", "shop", openTo(internet)),
      "open.listens.http.openTo[0]",
      "passed by",
    ],
    [
      "a database open to the internet",
      declareParty("open", { kind: "database" }, openTo(internet)),
      "open.listens.http.openTo[0]",
      "password",
    ],
    [
      "one inside let in by who is called",
      declareParty("open", { kind: "droplets" }, openTo(front)),
      "open.listens.http.openTo[0]",
      "who is not outside",
    ],
  ])("refuses %s", async (_, party, path, problem) => {
    const faults = await faultsOf(party);
    expect(faults).toEqual([
      { path, problem: expect.stringContaining(problem), remedy: expect.stringMatching(/^[A-Z].*\.$/) },
    ]);
  });

  it("tells all faults at once", async () => {
    const faults = await faultsOf(caller(stranger.at.http), declarePods("lost", "attic", openTo(internet)));
    expect(faults.map(({ path }) => path)).toEqual([
      "caller.calls[2]",
      "lost.place.namespace",
      "lost.listens.http.openTo[0]",
    ]);
  });

  it("makes no rules for one who is not in it: they would be none", () => {
    expect(() => podTraffic(plan, stranger)).toThrow("stranger is not in the traffic plan");
  });
});
