/** Figures as Prometheus reads them. */

/** One figure, of now. */
export interface Figure {
  /** As Telegraf calls it, which the managed service asks. @example "disk_used_percent" */
  readonly name: string;
  /** @default none */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text that tells figures; those of one name stand together, as the format wants it. */
export function exposition(figures: readonly Figure[]): string {
  const lines = new Map<string, string[]>();
  for (const { name, labels = {}, value } of figures) {
    const same = lines.get(name) ?? [`# TYPE ${name} untyped`];
    lines.set(name, [...same, `${name}${labelsText(labels)} ${valueText(value)}`]);
  }
  return [...lines.values()]
    .flat()
    .map((line) => `${line}\n`)
    .join("");
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

/** What is not finite the format writes in its own way. */
const valueText = (value: number): string => String(value).replace("Infinity", "Inf");
