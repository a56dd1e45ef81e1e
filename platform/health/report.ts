import { type Finding, type Verdict, worst } from "./check.ts";

/** What a round of checks says: the document that `--json` prints. */
export interface HealthReport {
  readonly schema: 1;
  readonly environment: string;
  readonly target: "sandbox" | "digitalocean";
  /** The worst of the findings; `unchecked` when nothing worse was found than that something could not be asked. */
  readonly verdict: Verdict;
  readonly checkedAt: string;
  readonly tookMs: number;
  /** How many findings there are of each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly checks: readonly Finding[];
}

/** What the findings of one round come to. */
export function healthReport(
  { environment, target }: Pick<HealthReport, "environment" | "target">,
  findings: readonly Finding[],
  { beganAt, tookMs }: { readonly beganAt: Date; readonly tookMs: number },
): HealthReport {
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  return {
    schema: 1,
    environment,
    target,
    verdict: worst(findings.map(({ verdict }) => verdict)),
    checkedAt: beganAt.toISOString(),
    tookMs,
    counts: {
      critical: count("critical"),
      warning: count("warning"),
      unchecked: count("unchecked"),
      healthy: count("healthy"),
    },
    checks: findings,
  };
}
