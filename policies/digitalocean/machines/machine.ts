import type { DropletArgs } from "@pulumi/digitalocean";
import type { PolicyResource } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { type Report, type Rule, type RuleDetails, resourceRule } from "../../rule.ts";

const dropletType = "digitalocean:index/droplet:Droplet";
const poolType = "digitalocean:index/dropletAutoscale:DropletAutoscale";

/** Types that make droplets, and where they say how those are: a droplet itself, an autoscale pool in its template. */
const templates: Readonly<Record<string, string>> = { [dropletType]: "", [poolType]: "dropletTemplate" };

/** What a droplet and the template of an autoscale pool both say. */
type MachineArgs = Unwrap<Pick<DropletArgs, "image" | "size" | "sshKeys" | "tags" | "userData">>;

/** A rule that judges each droplet, and each autoscale pool by what it makes its droplets from. */
export const machineRule = (
  details: RuleDetails & { readonly check: (machine: MachineArgs, report: Report) => void },
): Rule =>
  resourceRule<Record<string, MachineArgs>>({
    ...details,
    types: Object.keys(templates),
    check: (inputs, report, { type }) => {
      const template = templates[type] ?? "";
      const machine = template === "" ? (inputs as unknown as MachineArgs) : inputs[template];
      const within = (path: string) => (template === "" ? path : `${template}.${path}`);
      if (machine !== undefined)
        details.check(machine, (problem, path) =>
          report(problem, path === undefined ? undefined : within(path)),
        );
    },
  });

/** One that makes droplets, among the stack's resources. */
export interface MachineResource {
  readonly resource: PolicyResource;
  /** What it says of each droplet. */
  readonly props: PolicyResource["props"];
  /** The property that the droplets' tags are, or are within. */
  readonly tagsProperty: string;
}

/** Whatever makes droplets in a stack. */
export const machinesOf = (resources: readonly PolicyResource[]): MachineResource[] =>
  resources.flatMap((resource) => {
    const template = templates[resource.type];
    if (template === undefined) return [];
    if (template === "") return [{ resource, props: resource.props, tagsProperty: "tags" }];
    return [{ resource, props: resource.props[template] ?? {}, tagsProperty: template }];
  });
