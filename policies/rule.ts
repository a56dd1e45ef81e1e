import {
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type Severity,
  type StackValidationArgs,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { isExempted, mayBeExempted } from "./exemptions/exempted.ts";
import { withInputs } from "./inputs.ts";
import { levelOf } from "./settings.ts";
import { sameWrapper } from "./wrapped.ts";

/** Name of the pack, under which its findings are told. */
export const packName = "whisper-platform";

/** What every rule says of itself. */
export interface RuleDetails {
  /** Unique, begins with a verb: `require-...` or `refuse-...`. */
  readonly name: string;
  /** What must hold, and why it matters, in one or two sentences. */
  readonly description: string;
  /** What to do about a violation, with the line to write. */
  readonly remedy: string;
  readonly severity: Severity;
  /**
   * How strict it is where the stack's configuration says nothing else.
   * @default "mandatory"
   */
  readonly level?: "mandatory" | "advisory";
  /** Where else this is demanded. Only what truly applies. */
  readonly references: readonly Reference[];
}

/** A requirement of a published framework or of another tool. */
interface Reference {
  readonly framework:
    | "CIS DigitalOcean"
    | "CIS Kubernetes"
    | "Pod Security Standards"
    | "Checkov"
    | "Trivy"
    | "ScoutSuite"
    | "Kubescape"
    | "Gatekeeper library"
    | "kube-linter"
    | "kube-score"
    | "NSA/CISA"
    | "SOC 2"
    // Annex A of 2022.
    | "ISO 27001"
    | "GDPR";
  readonly id: string;
}

/** A rule as the pack serves it, with what it says of itself at hand for tests and documentation. */
export interface Rule extends RuleDetails {
  /** Whether it can put right what it would refuse: the level `remediate`. */
  readonly mends: boolean;
  readonly policy: ResourceValidationPolicy | StackValidationPolicy;
}

/** Rules that judge the same kind of thing, and stand in one folder. */
export interface RuleGroup {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** Reports one violation. `path` is the property that is wrong; omit it when the whole resource is. */
export type Report = (problem: string, path?: string) => void;

/** A rule that judges each resource of some types by its own inputs. `Args` is the SDK's arguments type. */
export function resourceRule<Args>(
  details: RuleDetails & {
    /** Pulumi type tokens it judges, or how they are known. */
    readonly types: readonly string[] | ((type: string) => boolean);
    readonly check: (inputs: Unwrap<Args>, report: Report, resource: ResourceValidationArgs) => void;
    /**
     * Sets, in place, what a resource that fails the check lacks, where a safe value is known. Asked where the stack's
     * configuration sets the level `remediate`; the check is made again after it.
     */
    readonly mend?: (inputs: Unwrap<Args>, resource: ResourceValidationArgs) => void;
  },
): Rule {
  const { types, check, mend } = details;
  const judges = typeof types === "function" ? types : (type: string) => types.includes(type);
  /** Nothing where all is well, where that cannot be told, or where nothing could be done: then the check refuses. */
  const mended = (resource: ResourceValidationArgs): Record<string, unknown> | undefined => {
    const { type, urn, props } = resource;
    if (!judges(type) || mayBeExempted(details.name, urn)) return undefined;
    const inputs = props as Unwrap<Args>;
    const problemsOf = (work: (report: Report) => void): number => {
      let count = 0;
      const report = () => {
        count += 1;
      };
      decided(details, report, () => work(report));
      return count;
    };
    if (problemsOf((report) => check(inputs, report, resource)) === 0) return undefined;
    return problemsOf(() => mend?.(inputs, resource)) === 0 ? props : undefined;
  };
  return {
    ...details,
    mends: mend !== undefined,
    policy: {
      ...(mend && { remediateResource: mended }),
      ...policyOf(details),
      get enforcementLevel() {
        return levelOf(details, mend !== undefined);
      },
      validateResource: (resource, reportViolation) => {
        if (!judges(resource.type)) return;
        const report = reporter(details, resource.urn, reportViolation);
        const inputs = sameWrapper(resource.props) as Unwrap<Args>;
        decided(details, report, () => check(inputs, report, resource));
      },
    },
  };
}

/** A rule that judges resources by one another. Runs at the end of a preview, so it stops a change before it begins. */
export function stackRule(
  details: RuleDetails & {
    readonly check: (resources: StackValidationArgs["resources"], report: ReportOn) => void;
  },
): Rule {
  return {
    ...details,
    mends: false,
    policy: {
      ...policyOf(details),
      get enforcementLevel() {
        return levelOf(details, false);
      },
      validateStack: ({ resources }, reportViolation) => {
        const report = reporter(details, "", reportViolation);
        const reportOn: ReportOn = (urn, problem) =>
          reporter(details, urn, (message) => reportViolation(message, urn))(problem);
        decided(details, report, () => details.check(withInputs(resources), reportOn));
      },
    },
  };
}

/** Reports a violation of one of a stack's resources. */
type ReportOn = (urn: string, problem: string) => void;

function policyOf({ name, description, remedy, severity }: RuleDetails) {
  return { name, description, severity, remediationSteps: remedy };
}

function reporter({ name, remedy }: RuleDetails, urn: string, tell: (message: string) => void): Report {
  return (problem, path) => {
    if (isExempted(name, urn)) return;
    tell(`${path === undefined ? "" : `${path}: `}${problem}\nRemedy: ${remedy}`);
  };
}

/** Something is of a form that a rule does not know. It is a violation: what was not judged has not passed. */
export class CannotJudge extends Error {}

/**
 * CrossGuard turns a mandatory rule that meets an unknown value into an advisory note, and ends with a stack trace where a
 * text stands in place of a list. A gate must neither go soft where it cannot see nor break: what cannot be decided is a
 * violation.
 */
function decided({ name }: RuleDetails, report: Report, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof UnknownValueError)
      report(`${name} cannot be decided before the change: ${error.message}`);
    else if (error instanceof CannotJudge || error instanceof TypeError)
      report(`${name} cannot judge this: ${error.message}`);
    else throw error;
  }
}
