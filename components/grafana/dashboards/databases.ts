import type { Dashboard, LinesPanel } from "./model.ts";

/** A share of a node's, over time. */
const share = (
  title: string,
  description: string,
  metric: string,
  more: Partial<LinesPanel> = {},
): LinesPanel => ({
  kind: "lines",
  title,
  description,
  width: 12,
  unit: "percentunit",
  maximum: 1,
  queries: [{ expression: `${metric}{instance=~"$instance"}`, legend: "{{instance}}" }],
  ...more,
});

/** The nodes of managed databases, as DigitalOcean measures them. */
export const databases: Dashboard = {
  uid: "databases",
  title: "Managed databases",
  folder: "Stores",
  question: "Are the databases' own machines large enough, and for how long?",
  span: "24h",
  variables: [{ name: "instance", label: "Cluster", metric: "disk_used_percent" }],
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "stat",
          title: "Disk",
          description:
            "Full share. DigitalOcean makes a PostgreSQL's larger by itself where `diskGrowth` says so.",
          width: 12,
          unit: "percentunit",
          queries: [
            {
              expression: 'instance:database_disk:utilisation{instance=~"$instance"}',
              legend: "{{instance}}",
            },
          ],
          limits: ["DatabaseDiskNearlyFull"],
        },
        {
          kind: "stat",
          title: "Load",
          description:
            "What wanted to run for a quarter of an hour, for each processor: above 2 DigitalOcean writes.",
          width: 12,
          unit: "short",
          bad: { wrong: "above", value: 2 },
          queries: [
            {
              expression:
                'max by (instance) (system_load15{instance=~"$instance"}) / max by (instance) (system_n_cpus{instance=~"$instance"})',
              legend: "{{instance}}",
            },
          ],
        },
      ],
    },
    {
      title: "Over time",
      panels: [
        share("Disk", "How it fills.", "instance:database_disk:utilisation", {
          limits: ["DatabaseDiskNearlyFull"],
        }),
        {
          ...share("Disk in four days", "If it goes on as in the last six hours. 100 % is full.", ""),
          queries: [
            {
              expression:
                'predict_linear(instance:database_disk:utilisation{instance=~"$instance"}[6h], 4 * 86400)',
              legend: "{{instance}}",
            },
          ],
          alerts: ["DatabaseDiskFullInFourDays"],
        },
        share(
          "Processors",
          "Busy share. A Valkey's commands run on one of them.",
          "instance:database_cpu:utilisation",
        ),
        share(
          "Memory",
          "Taken share. PostgreSQL takes what there is for its files, and gives it back.",
          "instance:database_memory:utilisation",
        ),
        {
          kind: "lines",
          title: "Processors, by what they do",
          description: "Much for the system: many small questions, or a disk that cannot keep up.",
          width: 24,
          unit: "short",
          stacked: true,
          queries: ["user", "system"].map((what) => ({
            expression: `max by (instance) (cpu_usage_${what}{instance=~"$instance", cpu="cpu-total"})`,
            legend: `{{instance}} ${what} %`,
          })),
        },
      ],
    },
  ],
};
