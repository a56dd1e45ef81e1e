import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../rule.ts";

/** What every resource says of whose it is: as a tag's beginning on DigitalOcean, as a label on Kubernetes. */
const facts = [
  { tag: "environment:", label: "whisper.platform/environment" },
  { tag: "component:", label: "app.kubernetes.io/name" },
  { tag: "owner:", label: "whisper.platform/owner" },
  { tag: "cost-centre:", label: "whisper.platform/cost-centre" },
] as const;

/** Where DigitalOcean takes tags; on firewalls and alerts they mean whom the rule is for, not whose it is. */
export const tagged: Readonly<Record<string, readonly string[]>> = {
  "digitalocean:index/customImage:CustomImage": ["tags"],
  "digitalocean:index/databaseCluster:DatabaseCluster": ["tags"],
  "digitalocean:index/databaseReplica:DatabaseReplica": ["tags"],
  "digitalocean:index/droplet:Droplet": ["tags"],
  "digitalocean:index/dropletAutoscale:DropletAutoscale": ["dropletTemplate.tags"],
  "digitalocean:index/genaiAgent:GenaiAgent": ["tags"],
  "digitalocean:index/genaiKnowledgeBase:GenaiKnowledgeBase": ["tags"],
  "digitalocean:index/gradientaiAgent:GradientaiAgent": ["tags"],
  "digitalocean:index/gradientaiCustomModel:GradientaiCustomModel": ["tags"],
  "digitalocean:index/gradientaiKnowledgeBase:GradientaiKnowledgeBase": ["tags"],
  "digitalocean:index/kubernetesCluster:KubernetesCluster": ["tags", "nodePool.tags"],
  "digitalocean:index/kubernetesNodePool:KubernetesNodePool": ["tags"],
  "digitalocean:index/nfs:Nfs": ["tags"],
  "digitalocean:index/vectorDatabase:VectorDatabase": ["tags"],
  "digitalocean:index/volume:Volume": ["tags"],
  "digitalocean:index/volumeSnapshot:VolumeSnapshot": ["tags"],
};

/** Where Kubernetes takes labels, as far as the object has the place: pods are paid for, whoever makes them. */
const labelled = ["metadata", "spec.template.metadata", "spec.jobTemplate.spec.template.metadata"] as const;

export const requireOwnership = stackRule({
  name: "require-ownership",
  description:
    "Whatever takes tags or labels says its environment, component, owner and cost centre: else nobody knows whom to ask, or who pays.",
  remedy:
    'give it `tagsOf(ownership, "<component>")` (DigitalOcean) or `labelsOf(ownership, "<component>")` (Kubernetes), of components/ownership.ts',
  severity: "medium",
  references: [{ framework: "SOC 2", id: "CC6.1" }],
  check: (resources, report) => {
    for (const resource of resources) {
      for (const problem of problemsOf(resource)) report(resource.urn, problem);
    }
  },
});

function problemsOf({ type, props }: PolicyResource): string[] {
  if (type.startsWith("kubernetes:")) {
    return labelled.flatMap((path) => {
      const metadata = at(props, path);
      if (metadata === undefined && path !== "metadata") return [];
      const labels = metadata?.labels ?? {};
      return missing(
        path,
        facts.map(({ label }) => label).filter((label) => !labels[label]),
      );
    });
  }
  return (tagged[type] ?? []).flatMap((path) => {
    const tags = (at(props, path) ?? []) as readonly string[];
    // The last of a droplet's tags may be unknown: who finds what he looks for before does not read it.
    const absent = facts.filter(
      ({ tag }) => !tags.some((one) => one.startsWith(tag) && one.length > tag.length),
    );
    return missing(
      path,
      absent.map(({ tag }) => tag.slice(0, -1)),
    );
  });
}

function missing(path: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${path}: nothing says ${names.join(", ")}`];
}

function at(props: PolicyResource["props"], path: string): PolicyResource["props"] | undefined {
  return path.split(".").reduce<PolicyResource["props"] | undefined>((value, key) => value?.[key], props);
}
