import { stringify } from "yaml";
import type { Alert, RuleSet } from "./rule.ts";

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

function renderAlert(alert: Alert, subject: string, { runbooks }: AlertLinks) {
  const { name, severity, expression, lasting, summary, description } = alert;
  return {
    alert: name,
    expr: expression,
    for: lasting,
    labels: { severity, subject },
    annotations: { summary, description, runbook_url: `${runbooks}/${name}.md` },
  };
}
