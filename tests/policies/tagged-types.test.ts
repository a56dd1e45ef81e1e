import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { tagged } from "../../policies/ownership/require-ownership.ts";

/** Their tags say which droplets a rule is for. */
const meaningOthers = [
  "digitalocean:index/firewall:Firewall",
  "digitalocean:index/monitorAlert:MonitorAlert",
];

const sdk = new URL("../../node_modules/@pulumi/digitalocean/", import.meta.url);

/** The resource types whose arguments take tags, as the SDK declares them. */
function typesThatTakeTags(): string[] {
  return readdirSync(sdk)
    .filter((file) => file.endsWith(".d.ts"))
    .flatMap((file) => {
      const source = readFileSync(new URL(file, sdk), "utf8");
      const [, className] = /^export declare class (\w+) extends pulumi\.CustomResource/m.exec(source) ?? [];
      const [, fields = ""] =
        new RegExp(`^export interface ${className}Args \\{([\\s\\S]*?)^\\}`, "m").exec(source) ?? [];
      if (className === undefined || !/^ {4}tags\??:/m.test(fields)) return [];
      return `digitalocean:index/${className.charAt(0).toLowerCase()}${className.slice(1)}:${className}`;
    });
}

/** The types that bear tags within an argument, e.g. a cluster's own pool, by the path. */
function pathsWithin(): string[] {
  const source = readFileSync(new URL("types/input.d.ts", sdk), "utf8");
  return [...source.matchAll(/^export interface (\w+) \{([\s\S]*?)^\}/gm)].flatMap(
    ([, name = "", fields = ""]) => (/^ {4}tags\??:/m.test(fields) ? name : []),
  );
}

it("the rule about whose things are judges every type that takes tags", () => {
  const direct = Object.entries(tagged).flatMap(([type, paths]) => (paths.includes("tags") ? type : []));
  expect([...direct, ...meaningOthers].sort()).toEqual(typesThatTakeTags().sort());
});

it("and every tag that stands deeper", () => {
  expect(
    pathsWithin()
      .filter((name) => !/^(Get)?(Genai|Gradientai)/.test(name))
      .sort(),
  ).toEqual(["DropletAutoscaleDropletTemplate", "KubernetesClusterNodePool"]);
  expect(tagged["digitalocean:index/dropletAutoscale:DropletAutoscale"]).toEqual(["dropletTemplate.tags"]);
  expect(tagged["digitalocean:index/kubernetesCluster:KubernetesCluster"]).toContain("nodePool.tags");
});
