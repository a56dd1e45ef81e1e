import * as pulumi from "@pulumi/pulumi";

/** Type token of a component: its folder and its class. */
type ComponentType = `whisper:${string}:${string}`;

/**
 * What every component of the platform has in common.
 *
 * It holds two rules that Pulumi itself leaves to discipline, because breaking either is a breaking change
 * that compiles: every resource under a component is named `${name}-<child>`, so that names are unique and
 * can be found again in the cloud; and `registerOutputs` comes last, so that no child is made after the
 * component has said it is complete.
 */
export abstract class Component extends pulumi.ComponentResource {
  readonly #children: ChildRules;

  /**
   * @param type Token of the component, `whisper:<folder>:<Class>`.
   * @param name Logical name; in the cloud the same.
   * @param args The component's arguments, recorded in the state and shown to policies.
   * @param options Pulumi's options, passed on whole.
   */
  protected constructor(
    type: ComponentType,
    name: string,
    args: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions = {},
  ) {
    const children = new ChildRules(name, type);
    super(type, name, args, {
      ...options,
      transformations: [...(options.transformations ?? []), (child) => children.judge(child)],
    });
    this.#children = children;
  }

  /** Ends the construction: what comes after it is refused. */
  protected override registerOutputs(
    outputs?: pulumi.Inputs | Promise<pulumi.Inputs> | pulumi.Output<pulumi.Inputs>,
  ): void {
    this.#children.close();
    super.registerOutputs(outputs);
  }
}

/** Judges each resource that is made under one component. */
class ChildRules {
  readonly #owner: string;
  readonly #ownType: ComponentType;
  #closed = false;

  constructor(owner: string, ownType: ComponentType) {
    this.#owner = owner;
    this.#ownType = ownType;
  }

  close(): void {
    this.#closed = true;
  }

  judge({ name, type }: pulumi.ResourceTransformationArgs): undefined {
    // Pulumi shows a resource its own transformations too.
    if (name === this.#owner && type === this.#ownType) return undefined;
    if (this.#closed) {
      throw new Error(
        `${type} "${name}" is made after "${this.#owner}" called registerOutputs: make it before, registerOutputs comes last`,
      );
    }
    if (!name.startsWith(`${this.#owner}-`)) {
      throw new Error(
        `${type} "${name}" is a child of "${this.#owner}" but not named after it: name it "${this.#owner}-<child>"`,
      );
    }
    return undefined;
  }
}
