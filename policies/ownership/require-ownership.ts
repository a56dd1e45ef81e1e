import type { ResourceValidationArgs } from "@pulumi/policy";
import { context } from "../context.ts";
import { resourceRule } from "../rule.ts";

/** What every resource says of whose it is: as a tag's beginning on DigitalOcean, as a label on Kubernetes. */
const facts = [
  { fact: "environment", tag: "environment:", label: "whisper.platform/environment" },
  { fact: "component", tag: "component:", label: "app.kubernetes.io/name" },
  { fact: "owner", tag: "owner:", label: "whisper.platform/owner" },
  { fact: "costCentre", tag: "cost-centre:", label: "whisper.platform/cost-centre" },
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

type Props = ResourceValidationArgs["props"];

export const requireOwnership = resourceRule<Props>({
  name: "require-ownership",
  description:
    "Whatever takes tags or labels says its environment, component, owner and cost centre: else nobody knows whom to ask, or who pays.",
  remedy:
    'give it `tagsOf(ownership, "<component>")` (DigitalOcean) or `labelsOf(ownership, "<component>")` (Kubernetes), of components/ownership.ts',
  severity: "medium",
  references: [{ framework: "SOC 2", id: "CC6.1" }],
  types: (type) => isKubernetes(type) || type in tagged,
  check: (props, report, { type }) => {
    if (isKubernetes(type)) {
      for (const { path, labels } of labelsIn(props)) {
        const absent = facts.filter(({ label }) => !labels[label]);
        if (absent.length > 0) report(`nothing says ${absent.map(({ label }) => label).join(", ")}`, path);
      }
      return;
    }
    for (const path of tagged[type] ?? []) {
      const absent = untold((at(props, path) ?? []) as readonly string[]);
      if (absent.length > 0)
        report(`nothing says ${absent.map(({ tag }) => tag.slice(0, -1)).join(", ")}`, path);
    }
  },
  mend: (props, { type, name }) => {
    if (isKubernetes(type)) {
      props.metadata ??= {};
      for (const { metadata } of labelsIn(props)) {
        metadata.labels ??= {};
        for (const { fact, label } of facts) {
          const value = known(fact, name);
          if (value !== undefined) metadata.labels[label] ||= value;
        }
      }
      return;
    }
    for (const path of tagged[type] ?? []) {
      const owner = at(props, path.split(".").slice(0, -1).join("."));
      if (owner === undefined) continue;
      owner.tags ??= [];
      for (const { fact, tag } of untold(owner.tags)) {
        const value = known(fact, name);
        if (value !== undefined) owner.tags.push(`${tag}${value}`);
      }
    }
  },
});

const isKubernetes = (type: string): boolean => type.startsWith("kubernetes:");

/** What is known of a resource that says nothing itself; owner and cost centre where the configuration names them. */
function known(fact: (typeof facts)[number]["fact"], name: string): string | undefined {
  const { stack, read } = context();
  switch (fact) {
    case "environment":
      return stack;
    case "component":
      return name;
    case "owner":
    case "costCentre":
      return read("policies", fact);
  }
}

/** What the tags do not say. The last of a droplet's may be unknown: who finds what he looks for before does not read it. */
const untold = (tags: readonly string[]) =>
  facts.filter(({ tag }) => !tags.some((one) => one.startsWith(tag) && one.length > tag.length));

/** Each place of labels that there is, with what stands there. */
const labelsIn = (props: Props) =>
  labelled.flatMap((path) => {
    const metadata = at(props, path);
    if (metadata === undefined && path !== "metadata") return [];
    return [{ path, metadata: metadata ?? {}, labels: metadata?.labels ?? {} }];
  });

function at(props: Props, path: string): Props | undefined {
  if (path === "") return props;
  return path.split(".").reduce<Props | undefined>((value, key) => value?.[key], props);
}
