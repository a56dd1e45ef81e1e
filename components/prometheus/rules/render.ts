import { stringify } from "yaml";
import type { Alert, RuleSet, Subject } from "./rule.ts";

/** Where an alert sends its reader. */
export interface AlertLinks {
  /** Address of the folder of runbooks; the page of an alert is named after it. */
  readonly runbooks: string;
  /**
   * Address of Grafana.
   * @default none, and no alert links to a dashboard
   * @example "https://ops.whisper.example.com/grafana"
   */
  readonly dashboards?: string;
}

/** The sets as the file that Prometheus reads. */
export function renderRules(sets: readonly RuleSet[], links: AlertLinks): string {
  return stringify({
    groups: sets.map((set) => ({
      name: set.subject,
      rules: [
        ...(set.recordings ?? []).map(({ record, expression }) => ({ record, expr: expression })),
        ...(set.alerts ?? []).map((alert) => renderAlert(alert, set, links)),
      ],
    })),
  });
}

function renderAlert(alert: Alert, set: RuleSet, links: AlertLinks) {
  const { name, expression, lasting, lingering, summary, description } = alert;
  return {
    alert: name,
    expr: expression,
    for: lasting,
    ...(lingering !== undefined && { keep_firing_for: lingering }),
    labels: routingLabels(alert, set.subject),
    annotations: { summary, description, ...linksOfAlert(alert, set, links) },
  };
}

/** Labels that each alert of a rule bears whatever it has found: Alertmanager routes by them. */
export function routingLabels({ severity, pages = true }: Alert, subject: Subject): Record<string, string> {
  return { severity, subject, ...(severity === "critical" && !pages && { paging: "off" }) };
}

/** The pages that an alert sends its reader to. */
export function linksOfAlert({ name }: Alert, { dashboard }: RuleSet, { runbooks, dashboards }: AlertLinks) {
  return {
    runbook_url: `${runbooks}/${name}.md`,
    ...(dashboards !== undefined &&
      dashboard !== undefined && { dashboard_url: `${dashboards}/d/${dashboard}` }),
  };
}
