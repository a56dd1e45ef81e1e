import type { Dashboard, DashboardFacts, Row } from "./model.ts";

/** Droplets that are there, whether or not they answer: each is paid for. */
const droplets = 'count(up{job="gpu-worker-machine"})';

/** GPU droplets: whether they are well, busy, and worth their price. */
export function gpuPool({ gpuUsdPerHour, elasticGpuPool, gpuSecretsDelivered }: DashboardFacts): Dashboard {
  const cost = `${droplets} * ${gpuUsdPerHour}`;
  return {
    uid: "gpu-pool",
    title: "GPU pool",
    folder: "Infrastructure",
    question: "Are the GPUs well and busy, and what do they cost?",
    span: "24h",
    rows: [
      {
        title: "What it costs",
        panels: [
          {
            kind: "stat",
            title: "Now, an hour",
            description: `Droplets that there are, at ${gpuUsdPerHour} $ an hour each.`,
            unit: "currencyUSD",
            colour: "blue",
            queries: [{ expression: cost }],
          },
          {
            kind: "stat",
            title: "A month at this size",
            description: "730 hours of what there is now.",
            unit: "currencyUSD",
            colour: "blue",
            queries: [{ expression: `${cost} * 730` }],
          },
          {
            kind: "stat",
            title: "For an hour of recordings",
            description: "The droplets' price over that of a day's recordings: idle time is in it.",
            unit: "currencyUSD",
            colour: "blue",
            queries: [
              {
                expression: `avg_over_time((${cost})[1d:10m]) / sum(rate(transcription_audio_seconds_total[1d]))`,
              },
            ],
          },
          {
            kind: "stat",
            title: "Paid for and idle, last 24 hours",
            description: "What the GPUs' idle share of the day cost.",
            unit: "currencyUSD",
            colour: "blue",
            queries: [
              {
                expression: `(1 - avg(avg_over_time(gpu:utilisation:ratio[1d]))) * avg_over_time((${cost})[1d:10m]) * 24`,
              },
            ],
            alerts: ["GpuIdle"],
          },
        ],
      },
      ...(elasticGpuPool ? [elastic] : []),
      work,
      ...(gpuSecretsDelivered ? [delivery] : []),
      health,
    ],
  };
}

/** An elastic pool's: its size follows the queue. */
const elastic: Row = {
  title: "Size",
  panels: [
    {
      kind: "lines",
      title: "Droplets",
      description: "As many as the queue asks for, as there are, and as there may be.",
      width: 12,
      unit: "short",
      queries: [{ expression: "max by (state) (gpu_pool_members)", legend: "{{state}}" }],
      alerts: ["GpuPoolAtCeiling"],
    },
    {
      kind: "lines",
      title: "Spent of today's budget",
      description: "At 100 % the pool shrinks to its floor until midnight (UTC).",
      width: 6,
      unit: "percentunit",
      queries: [{ expression: "gpu_pool_spent_usd / (gpu_pool_budget_usd > 0)", legend: "spent" }],
      alerts: ["GpuPoolBudgetSpent"],
    },
    {
      kind: "lines",
      title: "Since the last decision",
      description: "The controller decides every few seconds.",
      width: 6,
      unit: "s",
      queries: [{ expression: "time() - gpu_pool_decided_timestamp_seconds", legend: "controller" }],
      limits: ["GpuPoolControllerSilent"],
      alerts: ["GpuPoolControllerFails"],
    },
  ],
};

const work: Row = {
  title: "Work",
  panels: [
    {
      kind: "lines",
      title: "Busy",
      description: "Share of the time in which each GPU computes.",
      unit: "percentunit",
      maximum: 1,
      queries: [{ expression: "gpu:utilisation:ratio", legend: "{{instance}} GPU {{gpu}}" }],
      alerts: ["GpuIdle", "GpuLost"],
    },
    {
      kind: "lines",
      title: "Jobs in hand",
      description: "By worker; none while jobs wait means that it hangs.",
      unit: "short",
      stacked: true,
      queries: [{ expression: "sum by (instance) (transcription_jobs_active)", legend: "{{instance}}" }],
      alerts: ["QueueStalled"],
    },
    {
      kind: "lines",
      title: "Jobs that wait",
      description: "In each queue.",
      unit: "short",
      queries: [{ expression: "queue:jobs_waiting:max", legend: "{{queue}}" }],
      limits: ["QueueLong"],
    },
  ],
};

/** Where the workers' secrets are brought to them from the cluster. */
const delivery: Row = {
  title: "Secrets",
  panels: [
    {
      kind: "lines",
      title: "Workers with their secrets, and without",
      description: "By state. Who fails could not be spoken to, or was not believed, and does not work.",
      width: 24,
      unit: "short",
      queries: [{ expression: "max by (state) (gpu_secrets_members)", legend: "{{state}}" }],
      alerts: ["GpuSecretsNotDelivered"],
    },
  ],
};

const health: Row = {
  title: "Health",
  panels: [
    {
      kind: "lines",
      title: "Temperature",
      description: "A few degrees above the line a GPU makes itself slow, or stops.",
      unit: "celsius",
      queries: [{ expression: "gpu:temperature:celsius", legend: "{{instance}} GPU {{gpu}}" }],
      limits: ["GpuHot"],
    },
    {
      kind: "lines",
      title: "Memory",
      description: "Full share of each GPU's.",
      unit: "percentunit",
      maximum: 1,
      queries: [{ expression: "gpu:memory:utilisation", legend: "{{instance}} GPU {{gpu}}" }],
      limits: ["GpuMemoryFull"],
    },
    {
      kind: "lines",
      title: "Power",
      description: "What each GPU draws: little while it says that it is busy is a bottleneck elsewhere.",
      unit: "watt",
      queries: [{ expression: "gpu:power:watts", legend: "{{instance}} GPU {{gpu}}" }],
    },
    {
      kind: "lines",
      title: "Faults of memory",
      description: "That could not be corrected, since each GPU was new. One may be chance; a second is not.",
      unit: "short",
      queries: [{ expression: "gpu:memory_faults:total", legend: "{{instance}} GPU {{gpu}}" }],
      alerts: ["GpuMemoryFaulty", "GpuFaulty"],
    },
    {
      kind: "lines",
      title: "Processors of the droplets",
      description: "Busy share: decoding of recordings is theirs.",
      unit: "percentunit",
      maximum: 1,
      queries: [
        { expression: 'instance:node_cpu:utilisation5m{job="gpu-worker-machine"}', legend: "{{instance}}" },
      ],
      limits: ["CpuBusy"],
    },
    {
      kind: "lines",
      title: "Disks of the droplets",
      description: "Full share: models and recordings in hand.",
      unit: "percentunit",
      maximum: 1,
      queries: [
        {
          expression: 'instance:node_disk:utilisation{job="gpu-worker-machine"}',
          legend: "{{instance}} {{mountpoint}}",
        },
      ],
      limits: ["DiskFilling", "DiskNearlyFull"],
    },
  ],
};
