import { resolve } from "node:path";
import { type JudgedResource, judgeResources, type Violation } from "../../policies/judge.ts";
import { packName, type Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { nameOf } from "../engine/plan.ts";
import { usageError } from "../exit.ts";
import { type Place, readManifests } from "./manifests.ts";
import { contextOf, type StackSettings } from "./stack-context.ts";
import { readState } from "./state.ts";
import type { Finding } from "./verdict.ts";

/** What is judged without the engine. */
export interface JudgedFiles {
  /** A folder of manifests of Kubernetes, or one of them. */
  readonly manifests?: string;
  /** A state, as `pulumi stack export` writes it. */
  readonly state?: string;
}

/** What was found in files. */
export interface FilesVerdict {
  /** How many resources were judged. */
  readonly resources: number;
  readonly allowed: boolean;
  readonly findings: readonly Finding[];
  /** What was found there and is nothing that rules judge. */
  readonly notJudged: readonly Place[];
}

/**
 * Asks the rules about files: without engine, cloud and credentials.
 *
 * @param settings Whose levels and exemptions count. Default: every rule as it is for production.
 * @param framework Asks those rules alone that answer a demand of this framework, e.g. `Pod Security Standards`.
 */
export async function judgeFiles(
  { manifests, state }: JudgedFiles,
  settings: StackSettings | undefined,
  framework: string | undefined,
): Promise<FilesVerdict> {
  const asked = rulesOf(framework);
  const found = manifests === undefined ? undefined : readManifests(resolve(manifests));
  const ofState = state === undefined ? [] : readState(state);
  const resources: readonly JudgedResource[] = found?.resources ?? ofState;
  const violations = await judgeResources(resources, contextOf(settings ?? asProduction(ofState)), asked);
  const places = new Map(found?.resources.map(({ urn, place }) => [urn, place]));
  const findings = violations.map((violation) => findingOf(violation, places));
  return {
    resources: resources.length,
    allowed: findings.every(({ level }) => level !== "mandatory"),
    findings,
    notJudged: found?.others ?? [],
  };
}

/** Whatever a state's stack is called: nobody said that it is another. */
const asProduction = ([first]: readonly JudgedResource[]): StackSettings => ({
  stack: first?.urn.split(":")[2] ?? "production",
  config: { "policies:production": true },
});

function rulesOf(framework: string | undefined): readonly Rule[] | undefined {
  if (framework === undefined) return undefined;
  const asked = rules.filter(({ references }) => references.some((one) => one.framework === framework));
  if (asked.length > 0) return asked;
  const frameworks = new Set(rules.flatMap(({ references }) => references.map((one) => one.framework)));
  throw usageError(
    `No rule answers to "${framework}". The frameworks are ${[...frameworks].sort().join(", ")}.`,
  );
}

function findingOf(
  { policy, level, severity, urn, message }: Violation,
  places: Map<string, Place>,
): Finding {
  const place = places.get(urn ?? "");
  return {
    policy,
    pack: packName,
    level,
    severity,
    // A manifest's name stands behind that of its file.
    ...(urn !== undefined && { urn, name: nameOf(urn).replace(/^.*#/, "") }),
    message,
    ...(place && { place }),
  };
}
