/** One metric of Prometheus'. */
export interface Metric {
  readonly help: string;
  readonly type: "gauge" | "counter";
  /** Values by labels, as Prometheus writes them in braces. What is not known yet is left out. */
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** Metrics by name, in Prometheus' text format. */
export function exposition(metrics: Readonly<Record<string, Metric>>): string {
  return Object.entries(metrics).flatMap(linesOf).join("\n").concat("\n");
}

/** A metric of one value. */
export function gauge(help: string, value: number | undefined): Metric {
  return { help, type: "gauge", values: { "": value } };
}

function linesOf([name, { help, type, values }]: [string, Metric]): string[] {
  const lines = Object.entries(values).flatMap(([labels, value]) =>
    value === undefined ? [] : [`${name}${labels && `{${labels}}`} ${value}`],
  );
  return lines.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}
