/** What a number is, by Grafana's names of units. */
export type Unit =
  | "Bps"
  | "bool"
  | "bytes"
  | "celsius"
  | "currencyUSD"
  | "dtdurations"
  | "none"
  | "ops"
  | "percentunit"
  | "reqps"
  | "s"
  | "short"
  | "watt";

/** What a panel asks Prometheus. */
export interface Query {
  /** PromQL. What is chosen at the top stands in it as `$job`. */
  readonly expression: string;
  /**
   * What a line or a number is called, labels in double braces.
   * @default "{{__name__}} ..." as Grafana writes series
   * @example "{{job}}"
   */
  readonly legend?: string;
}

interface PanelBase {
  readonly title: string;
  /** What is seen, and what to think of it, for a person at three at night. */
  readonly description: string;
  /** Columns, of 24. @default a third of a row, a quarter for numbers */
  readonly width?: number;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Alerts at whose limits the panel changes colour, and draws a line; each must compare what is shown here. @default none */
  readonly limits?: readonly string[];
  /**
   * Looks at the last 90 days, whatever is chosen at the top, and asks the Prometheus that keeps them: it knows what rules
   * record, single pods apart, and nothing else.
   * @default false
   */
  readonly quarter?: boolean;
  /** Further alerts on what is shown here, whose pages it leads to. @default none */
  readonly alerts?: readonly string[];
}

/** One large number for each series, as it is now. */
export interface StatPanel extends PanelBase {
  readonly kind: "stat";
  /** Words in place of the numbers 0 and 1. @default the numbers */
  readonly words?: { readonly 0: string; readonly 1: string };
  /** Colour of a number that no limit is reached by. @default "green" */
  readonly colour?: "green" | "blue";
  /** From which number on it is red, where no alert says. @default none */
  readonly bad?: { readonly wrong: "above" | "below"; readonly value: number };
}

/** Lines over time. */
export interface LinesPanel extends PanelBase {
  readonly kind: "lines";
  /** Whether they are put one upon the other, so that the top is their sum. @default false */
  readonly stacked?: boolean;
  /** The top of the scale, where there is one. @default what is highest */
  readonly maximum?: number;
}

/** A bar for each series, as it is now, the longest first where the query sorts. */
export interface BarsPanel extends PanelBase {
  readonly kind: "bars";
  /** The end of the scale, where there is one. @default what is highest */
  readonly maximum?: number;
}

/** How many of a histogram's observations fell where, over time. The query's legend is `{{le}}`. */
export interface HeatmapPanel extends PanelBase {
  readonly kind: "heatmap";
}

/** A line of text for each series, as it is now. */
export interface TablePanel extends PanelBase {
  readonly kind: "table";
  /** Titles of the labels that are shown, in this order; `Value` is the number. */
  readonly columns: Readonly<Record<string, string>>;
}

/** One picture of a dashboard. */
export type Panel = StatPanel | LinesPanel | BarsPanel | HeatmapPanel | TablePanel;

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Something to choose at the top: one value of a label, several, or all. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** A metric that bears the label. */
  readonly metric: string;
}

/** Folders of Grafana's. */
export type Folder = "Service" | "Infrastructure" | "Stores";

/** A page of Grafana's. */
export interface Dashboard {
  /** Its name in addresses, which alerts link to. @example "application-overview" */
  readonly uid: string;
  readonly title: string;
  readonly folder: Folder;
  /** What somebody who opens it wants to know. */
  readonly question: string;
  /** How far back it looks. @default "6h" */
  readonly span?: "1h" | "6h" | "24h" | "7d";
  /** @default none */
  readonly variables?: readonly Variable[];
  readonly rows: readonly Row[];
}

/** What of an environment decides what there is to see. */
export interface DashboardFacts {
  /** What a droplet of the GPU pool costs while it is there. */
  readonly gpuUsdPerHour: number;
  /** Whether a controller makes the GPU pool larger and smaller, and counts what it spends. */
  readonly elasticGpuPool: boolean;
  /** Whether the GPU workers' secrets are brought to them from the cluster. */
  readonly gpuSecretsDelivered: boolean;
  /** Whether logs are kept in Elasticsearch. */
  readonly logsInElasticsearch: boolean;
  /** Whether Neo4j tells metrics: its enterprise edition alone does. */
  readonly neo4jTellsMetrics: boolean;
}
