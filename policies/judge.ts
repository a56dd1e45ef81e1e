import type {
  Policies,
  PolicyResource,
  ResourceValidationArgs,
  Severity,
  StackValidationArgs,
} from "@pulumi/policy";
import { type Context, inContext } from "./context.ts";
import { settingsPolicies } from "./exemptions/settings-policies.ts";
import { rememberInputs } from "./inputs.ts";
import type { Rule } from "./rule.ts";
import { rules as everyRule } from "./rules.ts";

/** A resource as files or a state hold it. */
export interface JudgedResource {
  readonly urn: string;
  /** Pulumi's type token, e.g. `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  /** What it asks for. */
  readonly props: Record<string, unknown>;
  /** @default false */
  readonly protect?: boolean;
  /** URN of the component that it is part of. */
  readonly parent?: string;
  /** Properties, with the URNs of the resources that they refer to. */
  readonly refersTo?: Readonly<Record<string, readonly string[]>>;
}

/** One violation. */
export interface Violation {
  /** Name of the rule. */
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  readonly severity: Severity;
  /** The resource, unless it is about the stack or its settings. */
  readonly urn?: string;
  readonly message: string;
}

/**
 * Asks rules about resources that no engine shows them: manifests, or what a state says is deployed.
 *
 * @param rules Which. Default: all, and what judges exemptions, of which some rules alone would leave many unused.
 */
export const judgeResources = (
  resources: readonly JudgedResource[],
  context: Context,
  rules?: readonly Rule[],
): Promise<Violation[]> =>
  inContext(context, async () => {
    const policies: Policies = [
      rememberInputs,
      ...(rules ?? everyRule).map(({ policy }) => policy),
      ...(rules === undefined ? settingsPolicies(everyRule) : []),
    ];
    const shown = { alone: resources.map(resourceArgs), together: stackArgs(resources) };
    const violations: Violation[] = [];
    for (const policy of policies) violations.push(...(await violationsOf(policy, shown)));
    return violations;
  });

async function violationsOf(
  policy: Policies[number],
  { alone, together }: { readonly alone: ResourceValidationArgs[]; readonly together: StackValidationArgs },
): Promise<Violation[]> {
  const { name, severity = "low", enforcementLevel = "mandatory" } = policy;
  if (enforcementLevel === "disabled") return [];
  // In files and in a state nothing can be put right any more.
  const level = enforcementLevel === "advisory" ? "advisory" : "mandatory";
  const violations: Violation[] = [];
  const tell = (message: string, urn?: string) =>
    void violations.push({ policy: name, level, severity, message, ...(urn !== undefined && { urn }) });
  if ("validateStack" in policy) {
    await policy.validateStack(together, tell);
    return violations;
  }
  for (const validate of [policy.validateResource ?? []].flat()) {
    for (const resource of alone) await validate(resource, (message) => tell(message, resource.urn));
  }
  return violations;
}

const common = {
  notApplicable: (reason?: string): never => {
    throw new Error(`No rule of this pack says that it does not apply, but ${reason}`);
  },
  getConfig: <T extends object>(): T => ({}) as T,
};

const identity = ({ urn, type, name, props, protect = false }: JudgedResource) => ({
  urn,
  type,
  name,
  props,
  opts: {
    protect,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
  },
  isType: (): boolean => false,
  asType: () => undefined,
});

/** A resource as the engine shows it to rules that judge each alone. */
export const resourceArgs = (resource: JudgedResource): ResourceValidationArgs => ({
  ...common,
  ...identity(resource),
  stackTags: new Map(),
});

/** Resources as the engine shows them to rules that judge one by another. */
export const stackArgs = (resources: readonly JudgedResource[]): StackValidationArgs => ({
  ...common,
  resources: joined(resources),
  stackTags: new Map(),
});

/** Each with those that it refers to. */
function joined(resources: readonly JudgedResource[]): PolicyResource[] {
  const byUrn = new Map<string, PolicyResource>(
    resources.map((resource) => [
      resource.urn,
      { ...identity(resource), dependencies: [], propertyDependencies: {} },
    ]),
  );
  for (const { urn, parent, refersTo = {} } of resources) {
    const subject = byUrn.get(urn);
    if (subject === undefined) continue;
    const component = parent === undefined ? undefined : byUrn.get(parent);
    if (component !== undefined) subject.parent = component;
    for (const [property, targets] of Object.entries(refersTo)) {
      subject.propertyDependencies[property] = targets.flatMap((target) => byUrn.get(target) ?? []);
    }
  }
  return [...byUrn.values()];
}
