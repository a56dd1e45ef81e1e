import { stringify } from "yaml";
import type { Alert, RuleSet, Subject } from "./rule.ts";

/** Where an alert sends its reader. */
export interface AlertLinks {
  /** Address of the folder of runbooks; the page of an alert is named after it. */
  readonly runbooks: string;
}

/** The sets as the file that Prometheus reads. */
export function renderRules(sets: readonly RuleSet[], links: AlertLinks): string {
  return stringify({
    groups: sets.map(({ subject, recordings = [], alerts = [] }) => ({
      name: subject,
      rules: [
        ...recordings.map(({ record, expression }) => ({ record, expr: expression })),
        ...alerts.map((alert) => renderAlert(alert, subject, links)),
      ],
    })),
  });
}

/** Labels that each alert of a rule bears whatever it has found: Alertmanager routes by them. */
export function routingLabels({ severity, pages = true }: Alert, subject: Subject): Record<string, string> {
  return { severity, subject, ...(severity === "critical" && !pages && { paging: "off" }) };
}

function renderAlert(alert: Alert, subject: Subject, { runbooks }: AlertLinks) {
  const { name, expression, lasting, summary, description } = alert;
  return {
    alert: name,
    expr: expression,
    for: lasting,
    labels: routingLabels(alert, subject),
    annotations: { summary, description, runbook_url: `${runbooks}/${name}.md` },
  };
}
