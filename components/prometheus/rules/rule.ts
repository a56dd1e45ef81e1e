/**
 * How soon somebody has to look: `critical` is users without service or data in danger, `warning` waits for working
 * hours, `info` is only told. Alertmanager routes by it.
 */
export type Severity = "critical" | "warning" | "info";

/** What an alert is about; Alertmanager groups by it, and a dashboard bears its name. */
export type Subject =
  | "application"
  | "databases"
  | "edge"
  | "elasticsearch"
  | "gpu-pool"
  | "kubernetes"
  | "logs"
  | "machines"
  | "monitoring"
  | "neo4j"
  | "postgres"
  | "releases"
  | "security"
  | "slo"
  | "stores"
  | "traces"
  | "valkey";

/** An expression that Prometheus computes at each evaluation and keeps as a series. */
export interface Recording {
  /** `level:metric:operation`, as Prometheus' documentation wants it. @example "job:http_requests:rate5m" */
  readonly record: string;
  /** PromQL. */
  readonly expression: string;
}

/**
 * A state of the platform that somebody is told about.
 *
 * Its runbook is the page of its name in `docs/runbooks/`, and its unit test a case of its name in
 * `tests/components/prometheus/rules/`: a test fails while one is missing.
 */
export interface Alert {
  /** Unique, in upper camel case: what is wrong. @example "ServiceDown" */
  readonly name: string;
  readonly severity: Severity;
  /**
   * Whether PagerDuty wakes somebody for a critical one; Slack and e-mail are told either way.
   * @default true
   */
  readonly pages?: boolean;
  /** PromQL that has a result while something is wrong: a series for each thing that is. */
  readonly expression: string;
  /** How long it has to be wrong without a break, as Prometheus writes durations. `0m`: at once. @example "5m" */
  readonly lasting: string;
  /**
   * How long it goes on firing after the last evaluation that found something wrong: of what hovers about a threshold,
   * one notification and not ten.
   * @default it ends at once
   * @example "10m"
   */
  readonly lingering?: string;
  /** What is wrong for whom, in one line that can stand alone on a telephone; Prometheus fills in the labels. */
  readonly summary: string;
  /** What was measured against what, and what it means. */
  readonly description: string;
}

/** All that is watched of one subject. Rules of one set are evaluated one after the other, so alerts see its recordings. */
export interface RuleSet {
  readonly subject: Subject;
  /**
   * Name in Grafana's addresses (uid) of the dashboard on which its alerts are looked into.
   * @default none, and its alerts link to a runbook alone
   * @example "application-overview"
   */
  readonly dashboard?: string;
  /** @default none */
  readonly recordings?: readonly Recording[];
  /** @default none */
  readonly alerts?: readonly Alert[];
}
