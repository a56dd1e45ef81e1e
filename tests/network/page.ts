import { fileURLToPath } from "node:url";
import { clusterNames } from "../../components/kubernetes-cluster/traffic.ts";
import { planAddresses } from "../../components/network/addresses.ts";
import type { Party } from "../../components/traffic/declaration.ts";
import { type Flow, flowsOf } from "../../components/traffic/plan.ts";
import { production } from "../../stacks/production.ts";
import { staging } from "../../stacks/staging.ts";
import { platformTraffic } from "../../stacks/traffic.ts";
import { filledPage } from "../generated-page.ts";

/** The page that people read. */
export const pageFile = fileURLToPath(new URL("../../docs/network.md", import.meta.url));

/** The page with its generated parts as the declarations would have them. */
export function pageWith(text: string): string {
  const parties = platformTraffic().everybody;
  const flows = flowsOf(parties);
  const parts: Readonly<Record<string, string>> = {
    ranges: rangesTable(),
    picture: picture(parties, flows),
    table: flowsTable(flows),
  };
  return filledPage(text, parts, "docs/network.md");
}

function rangesTable(): string {
  const rows = Object.entries({ staging, production }).map(([environment, { network }]) => {
    const { vpc, pods, services } = planAddresses(network.addressBlock);
    const gateway = network.natGateway ? "NAT gateway" : "its own address";
    return [environment, network.addressBlock, vpc, pods, services, gateway];
  });
  return table(
    ["environment", "block", "droplets, nodes, databases, load balancers", "pods", "services", "way out"],
    rows,
  );
}

function flowsTable(flows: readonly Flow[]): string {
  const named = flows.filter(isNaming);
  const ports = [...new Set(named.map(({ protocol, port }) => `${protocol} ${port}`))].join(", ");
  return table(
    ["who calls", "whom", "port", "what for", "let out by", "let in by"],
    [
      ...flows
        .filter((flow) => !isNaming(flow))
        .map(({ from, to, protocol, port, purpose }) => [
          from.name,
          to.name,
          `${protocol} ${port}`,
          purpose,
          guards[from.place.kind].out,
          guards[to.place.kind].in,
        ]),
      ["every pod", clusterNames.name, ports, "names", guards.pods.out, "—"],
    ],
  );
}

/** Whether it is a question for a name, which all pods ask: it would be half of the table. */
const isNaming = ({ to }: Flow) => to === clusterNames;

const guards: Readonly<Record<Party["place"]["kind"], { out: string; in: string }>> = {
  pods: { out: "network policy", in: "network policy" },
  droplets: { out: "cloud firewall", in: "cloud firewall" },
  database: { out: "—", in: "trusted sources" },
  "load-balancer": { out: "its Service", in: "its Service" },
  nodes: { out: "—", in: "DigitalOcean's firewall" },
  outside: { out: "—", in: "—" },
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Who calls everybody that has metrics. */
const watcher = "prometheus";

/** A Mermaid diagram of what users' requests cause: names and metrics, which everybody has, would hide it. */
function picture(parties: readonly Party[], flows: readonly Flow[]): string {
  const shown = flows.filter((flow) => !isNaming(flow) && flow.from.name !== watcher);
  const taking = parties.filter((party) => shown.some(({ from, to }) => from === party || to === party));
  const groups = new Map<string, Party[]>();
  for (const party of taking) groups.set(groupOf(party), [...(groups.get(groupOf(party)) ?? []), party]);
  const boxes = [...groups].flatMap(([group, members]) => [
    `  subgraph ${idOf(group)}["${group}"]`,
    ...members.map(({ name }) => `    ${idOf(name)}["${name}"]`),
    "  end",
  ]);
  return ["```mermaid", "flowchart TB", ...boxes, ...arrows(shown), "```"].join("\n");
}

/** One arrow for each two, with all their ports. */
function arrows(flows: readonly Flow[]): string[] {
  const ports = new Map<string, string[]>();
  for (const { from, to, protocol, port } of flows) {
    const pair = `${idOf(from.name)} -->|PORTS| ${idOf(to.name)}`;
    const written = protocol === "tcp" ? `${port}` : `${port}/${protocol}`;
    ports.set(pair, [...new Set([...(ports.get(pair) ?? []), written])]);
  }
  return [...ports].map(([pair, all]) => `  ${pair.replace("PORTS", all.join(", "))}`);
}

function groupOf({ place }: Party): string {
  if (place.kind === "pods") return `pods in ${place.namespace}`;
  if (place.kind === "outside") return "outside";
  const groups = {
    droplets: "GPU droplets",
    database: "managed stores",
    nodes: "nodes of the cluster",
    "load-balancer": "entrance",
  };
  return groups[place.kind];
}

function idOf(name: string): string {
  return name.replace(/[^a-zA-Z0-9]+/g, "_");
}
