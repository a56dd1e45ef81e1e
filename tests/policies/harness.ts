import {
  type Policies,
  type PolicyResource,
  type ResourceValidationArgs,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { runtime } from "@pulumi/pulumi";
import { rememberInputs } from "../../policies/inputs.ts";
import type { Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";

/** What the engine hands a policy for a value that is only known after the change. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a test writes it. */
export interface Judged {
  readonly type: string;
  readonly name?: string;
  readonly props: Record<string, unknown>;
  readonly protect?: boolean;
  /** Name of the component that it is part of. */
  readonly parent?: string;
  /** Property to the names of the resources that it refers to. */
  readonly refersTo?: Readonly<Record<string, readonly string[]>>;
}

/** Makes the stack that is judged `stack`, with this configuration of the project and of the policies. */
export function judgedStack(
  stack: string,
  config: Record<string, unknown> = {},
  policies: Record<string, unknown> = {},
): void {
  runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "whisper-platform",
    stack,
  );
  const keys = (namespace: string, values: Record<string, unknown>) =>
    Object.entries(values).map(([key, value]) => [`${namespace}:${key}`, JSON.stringify(value)]);
  runtime.setAllConfig(
    Object.fromEntries([...keys("whisper-platform", config), ...keys("policies", policies)]),
  );
}

/** The rule of a name. */
export function ruleNamed(name: string): Rule {
  const rule = rules.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return rule;
}

/** What a policy says that judges no resource but the pack's own settings. */
export async function saidOfSettings(policy: Policies[number] | undefined): Promise<string[]> {
  const messages: string[] = [];
  if (policy === undefined || !("validateStack" in policy)) throw new Error("it judges no stack");
  await policy.validateStack({ resources: [], stackTags: new Map(), ...common }, (message) => {
    messages.push(message);
  });
  return messages;
}

/** The messages of all violations that a rule finds in these resources, judged together. */
export async function violationsOf(rule: Rule, resources: readonly Judged[]): Promise<string[]> {
  const messages: string[] = [];
  const report = (message: string) => void messages.push(message);
  if ("validateResource" in rule.policy) {
    const validations = [rule.policy.validateResource ?? []].flat();
    for (const resource of resources) {
      for (const validate of validations) await validate(resourceArgs(resource), report);
    }
  } else if ("validateStack" in rule.policy) {
    // As the engine does: each resource is shown alone first.
    for (const resource of resources) rememberInputs.validateResource(resourceArgs(resource));
    await rule.policy.validateStack(
      { resources: stackResources(resources), stackTags: new Map(), ...common },
      report,
    );
  }
  return messages;
}

const common = {
  notApplicable: (): never => {
    throw new Error("no rule uses it");
  },
  getConfig: <T extends object>(): T => ({}) as T,
};

const options = (resource: Judged) => ({
  protect: resource.protect ?? false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
});

const urnOf = ({ type, name = "subject" }: Judged) =>
  `urn:pulumi:staging::whisper-platform::${type}::${name}`;

function resourceArgs(resource: Judged): ResourceValidationArgs {
  return {
    ...common,
    type: resource.type,
    props: unknownCheckingProxy(resource.props),
    urn: urnOf(resource),
    name: resource.name ?? "subject",
    opts: options(resource),
    stackTags: new Map(),
    isType: (() => false) as ResourceValidationArgs["isType"],
    asType: () => undefined,
  };
}

function stackResources(resources: readonly Judged[]): PolicyResource[] {
  const all = new Map<string, PolicyResource>();
  for (const resource of resources) {
    all.set(resource.name ?? "subject", {
      type: resource.type,
      props: unknownCheckingProxy(resource.props),
      urn: urnOf(resource),
      name: resource.name ?? "subject",
      opts: options(resource),
      dependencies: [],
      propertyDependencies: {},
      isType: (() => false) as PolicyResource["isType"],
      asType: () => undefined,
    });
  }
  for (const { name = "subject", parent = "", refersTo = {} } of resources) {
    const subject = all.get(name);
    const component = all.get(parent);
    if (subject !== undefined && component !== undefined) subject.parent = component;
    for (const [property, targets] of Object.entries(refersTo)) {
      const found = targets.flatMap((target) => all.get(target) ?? []);
      if (subject !== undefined) subject.propertyDependencies[property] = found;
    }
  }
  return [...all.values()];
}
