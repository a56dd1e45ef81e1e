import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with a component's arguments. */
export interface ArgumentFault {
  /** Where, as a path into the arguments, e.g. `trustedAddresses[1]`. */
  readonly path: string;
  /** What is wrong there, as the end of a sentence that begins with the path; the value too, unless secret. */
  readonly problem: string;
  /** What to do about it: a whole sentence. */
  readonly remedy: string;
}

/**
 * A component refuses its arguments; carries every fault, not the first.
 *
 * It is a `RunError`, so Pulumi prints its message without a stack trace: the mistake is in what the
 * component was given, not in the code that found it.
 */
export class ArgumentError extends pulumi.RunError {
  override readonly name = "ArgumentError";
  /** Logical name of the component that refuses. */
  readonly component: string;
  readonly faults: readonly ArgumentFault[];

  constructor(component: string, faults: readonly ArgumentFault[]) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    super(
      [
        `The arguments of ${component} have ${count}:`,
        ...faults.map(({ path, problem, remedy }) => `  - ${path} ${problem}.\n    ${remedy}`),
      ].join("\n"),
    );
    this.component = component;
    this.faults = faults;
  }
}

/** Several components refuse their arguments; carries what each of them says. */
export class ArgumentErrors extends pulumi.RunError {
  override readonly name = "ArgumentErrors";
  readonly refusals: readonly ArgumentError[];

  constructor(refusals: readonly ArgumentError[]) {
    super(refusals.map(({ message }) => message).join("\n"));
    this.refusals = refusals;
  }
}

/** What finds the faults of each component's arguments, by its logical name. */
export type Judgements = Readonly<Record<string, (checks: ArgumentChecks) => void>>;

/** What each component says that has something to say. */
export function refusalsOf(judgements: Judgements): ArgumentError[] {
  return Object.entries(judgements).flatMap(([component, judge]) => {
    const checks = new ArgumentChecks(component);
    judge(checks);
    return checks.refusal() ?? [];
  });
}

/**
 * Judges the arguments of several components before any of them is made, so that the faults of all come in one message.
 *
 * @throws ArgumentError when one component is at fault, ArgumentErrors when several are
 */
export function judgeTogether(judgements: Judgements): void {
  const refusals = refusalsOf(judgements);
  const [only] = refusals;
  if (only !== undefined) throw refusals.length === 1 ? only : new ArgumentErrors(refusals);
}

/**
 * Collects the faults of one component's arguments, so that all are told at once.
 *
 * A value that is only known later (an `Output`) passes here: it is checked by the provider in the preview
 * as soon as it is known.
 */
export class ArgumentChecks {
  readonly #component: string;
  readonly #faults: ArgumentFault[] = [];

  /** @param component Logical name of the component whose arguments are checked. */
  constructor(component: string) {
    this.#component = component;
  }

  /** Records a fault. */
  add(path: string, problem: string, remedy: string): void {
    this.#faults.push({ path, problem, remedy });
  }

  /** Records every fault of `faults` under `path`, for checks that live apart as pure functions. */
  addAll(path: string, faults: readonly ArgumentFault[]): void {
    for (const fault of faults)
      this.add([path, fault.path].filter(Boolean).join("."), fault.problem, fault.remedy);
  }

  /** Records a fault unless `value` satisfies `holds`; an absent or not yet known value passes. */
  check<T extends string | number | boolean>(
    path: string,
    value: pulumi.Input<T> | undefined,
    holds: (value: T) => boolean,
    problem: (value: T) => string,
    remedy: string,
  ): void {
    if (value === undefined || isDeferred(value) || holds(value)) return;
    this.add(path, problem(value), remedy);
  }

  /** Records a fault unless `value` is a whole number between the two bounds, both included. */
  range(path: string, value: pulumi.Input<number> | undefined, minimum: number, maximum: number): void {
    this.check(
      path,
      value,
      (number) => Number.isInteger(number) && number >= minimum && number <= maximum,
      (number) => `is ${number}, which is not a whole number between ${minimum} and ${maximum}`,
      `Give a whole number from ${minimum} to ${maximum}.`,
    );
  }

  /** Records a fault unless `value` is one of `choices`. */
  oneOf(
    path: string,
    value: pulumi.Input<string> | undefined,
    choices: readonly string[],
    remedy?: string,
  ): void {
    this.check(
      path,
      value,
      (text) => choices.includes(text),
      (text) => `is "${text}", which does not exist`,
      remedy ?? `Use one of ${choices.join(", ")}.`,
    );
  }

  /** Throws one {@link ArgumentError} with everything recorded; does nothing when nothing was. */
  throwIfAny(): void {
    const refusal = this.refusal();
    if (refusal) throw refusal;
  }

  /** What {@link throwIfAny} would throw. */
  refusal(): ArgumentError | undefined {
    return this.#faults.length === 0 ? undefined : new ArgumentError(this.#component, this.#faults);
  }
}

function isDeferred<T>(value: pulumi.Input<T>): value is Promise<T> | pulumi.OutputInstance<T> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
