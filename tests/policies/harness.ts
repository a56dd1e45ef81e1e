import { type Policies, unknownCheckingProxy } from "@pulumi/policy";
import { runtime } from "@pulumi/pulumi";
import { beginResource } from "../../policies/context.ts";
import { rememberInputs } from "../../policies/inputs.ts";
import { type JudgedResource, resourceArgs, stackArgs } from "../../policies/judge.ts";
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
    // As the engine has them: a text is itself, what is none is JSON.
    Object.entries(values).map(([key, value]) => [
      `${namespace}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  runtime.setAllConfig(
    Object.fromEntries([...keys("whisper-platform", config), ...keys("policies", policies)]),
  );
  beginResource("");
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
  await policy.validateStack(stackArgs([]), (message) => {
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
    for (const resource of asResources(resources)) {
      for (const validate of validations) await validate(resourceArgs(resource), report);
    }
  } else if ("validateStack" in rule.policy) {
    // As the engine does: each resource is shown alone first.
    const shown = asResources(resources);
    for (const resource of shown) rememberInputs.validateResource(resourceArgs(resource));
    await rule.policy.validateStack(stackArgs(shown), report);
  }
  return messages;
}

const urnOf = ({ type, name = "subject" }: Judged) =>
  `urn:pulumi:staging::whisper-platform::${type}::${name}`;

/** As a state names them: by URN. */
export function asResources(judged: readonly Judged[]): JudgedResource[] {
  const byName = new Map(judged.map((one) => [one.name ?? "subject", urnOf(one)]));
  return judged.map((one) => {
    const { name = "subject", parent, refersTo = {}, ...rest } = one;
    const component = byName.get(parent ?? "");
    return {
      ...rest,
      name,
      urn: urnOf(one),
      props: unknownCheckingProxy(one.props),
      ...(component !== undefined && { parent: component }),
      refersTo: Object.fromEntries(
        Object.entries(refersTo).map(([property, names]) => [
          property,
          names.flatMap((target) => byName.get(target) ?? []),
        ]),
      ),
    };
  });
}
