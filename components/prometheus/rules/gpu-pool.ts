import type { RuleSet } from "./rule.ts";

/** NVIDIA's exporter names a GPU by `gpu`, AMD's by `gpu_id`. */
const ofAmd = (metric: string) =>
  `max by (instance, gpu) (label_replace(${metric}, "gpu", "$1", "gpu_id", "(.+)"))`;
const ofNvidia = (metric: string) => `max by (instance, gpu) (${metric})`;

/** Errors that a program makes and not the machine, by NVIDIA's list of XIDs: a fault in its kernel or its memory, a stop. */
const softwareXids = [13, 31, 43, 45].map((xid) => `DCGM_FI_DEV_XID_ERRORS == ${xid}`).join(" or ");

/** GPU droplets: whether their GPUs are well, busy, and worth their price; and who steers how many there are. */
export const gpuPoolRules: RuleSet = {
  subject: "gpu-pool",
  dashboard: "gpu-pool",
  recordings: [
    {
      record: "gpu:utilisation:ratio",
      expression: `(${ofNvidia("DCGM_FI_DEV_GPU_UTIL")} or ${ofAmd("gpu_gfx_activity")}) / 100`,
    },
    {
      record: "gpu:memory:utilisation",
      expression: `${ofNvidia("DCGM_FI_DEV_FB_USED / (DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)")} or ${ofAmd("gpu_used_vram / gpu_total_vram")}`,
    },
    {
      record: "gpu:temperature:celsius",
      expression: `${ofNvidia("DCGM_FI_DEV_GPU_TEMP")} or ${ofAmd("gpu_junction_temperature")}`,
    },
    {
      record: "gpu:power:watts",
      expression: `${ofNvidia("DCGM_FI_DEV_POWER_USAGE")} or ${ofAmd("gpu_package_power")}`,
    },
    {
      record: "gpu:memory_faults:total",
      expression: `${ofNvidia("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS")} or ${ofAmd("gpu_ecc_uncorrect_total")}`,
    },
  ],
  alerts: [
    {
      name: "GpuHot",
      severity: "warning",
      expression: "gpu:temperature:celsius > 85",
      lasting: "5m",
      lingering: "10m",
      summary: "GPU {{ $labels.gpu }} of {{ $labels.instance }} is at {{ $value }} degrees",
      description: "Above 85 °C for five minutes. A few degrees more, and it makes itself slow or stops.",
    },
    {
      name: "GpuFaulty",
      severity: "warning",
      expression: `DCGM_FI_DEV_XID_ERRORS > 0 unless (${softwareXids})`,
      lasting: "1m",
      summary: "GPU {{ $labels.gpu }} of {{ $labels.instance }} reports XID {{ $value }}",
      description:
        "An error of the machine, not of a program: NVIDIA's list says which, and most end with a new droplet.",
    },
    {
      name: "GpuMemoryFaulty",
      severity: "warning",
      expression:
        "increase(gpu:memory_faults:total[1h]) > 0 or max by (instance, gpu) (DCGM_FI_DEV_ROW_REMAP_FAILURE) > 0",
      lasting: "1m",
      lingering: "1h",
      summary:
        "Memory of GPU {{ $labels.gpu }} of {{ $labels.instance }} has errors that could not be corrected",
      description: "What was computed meanwhile may be wrong. One may be chance; a second is not.",
    },
    {
      name: "GpuMemoryFull",
      severity: "warning",
      expression: "gpu:memory:utilisation > 0.97",
      lasting: "15m",
      summary:
        "Memory of GPU {{ $labels.gpu }} of {{ $labels.instance }} is {{ $value | humanizePercentage }} full",
      description: "For a quarter of an hour: the next long recording may not find room.",
    },
    {
      name: "GpuLost",
      severity: "warning",
      expression:
        'count by (instance) (gpu:utilisation:ratio offset 30m) - count by (instance) (gpu:utilisation:ratio) > 0 and on (instance) up{job="gpu-worker-gpu"} == 1',
      lasting: "5m",
      summary: "{{ $labels.instance }} has lost {{ $value }} of its GPUs",
      description: "Half an hour ago its exporter told of more.",
    },
    {
      name: "GpuIdle",
      severity: "info",
      // It is still there, and was two hours ago.
      expression:
        "avg_over_time(gpu:utilisation:ratio[2h]) < 0.05 and gpu:utilisation:ratio >= 0 and gpu:utilisation:ratio offset 2h >= 0",
      lasting: "1h",
      summary:
        "GPU {{ $labels.gpu }} of {{ $labels.instance }} has had nothing to do for hours, and costs money",
      description:
        "{{ $value | humanizePercentage }} busy over the last two hours; a droplet's price runs whether it works or not.",
    },
    {
      name: "GpuPoolControllerFails",
      severity: "warning",
      expression: "increase(gpu_pool_errors_total[15m]) > 5",
      lasting: "5m",
      lingering: "10m",
      summary: "The GPU pool's controller fails to reach: {{ $labels.source }}",
      description:
        '{{ $value | printf "%.0f" }} rounds of the last quarter of an hour: the pool stays as large as it is.',
    },
    {
      name: "GpuPoolControllerSilent",
      severity: "warning",
      expression: "time() - gpu_pool_decided_timestamp_seconds > 300",
      lasting: "2m",
      summary: "The GPU pool's controller has not decided anything for {{ $value | humanizeDuration }}",
      description: "It should every few seconds: the pool follows its queue no more.",
    },
    {
      name: "GpuPoolAtCeiling",
      severity: "warning",
      expression:
        'gpu_pool_members{state="wanted"} >= on (instance) group_left () gpu_pool_members{state="ceiling"}',
      lasting: "30m",
      summary: "The queue asks for as many GPU workers as there may be, or more",
      description: "It has asked for {{ $value }} for half an hour: the wait grows.",
    },
    {
      name: "GpuPoolBudgetSpent",
      severity: "warning",
      expression: "gpu_pool_spent_usd / (gpu_pool_budget_usd > 0) > 0.9",
      lasting: "1m",
      summary: "{{ $value | humanizePercentage }} of today's budget for GPU workers is spent",
      description: "At 100 % the pool shrinks to its floor until midnight (UTC), whatever waits.",
    },
    {
      name: "GpuSecretsNotDelivered",
      severity: "warning",
      expression: 'gpu_secrets_members{state="failing"} > 0',
      lasting: "15m",
      summary: "{{ $value }} GPU workers cannot be given their secrets",
      description:
        "For a quarter of an hour they could not be spoken to, or were not believed: they do not work.",
    },
  ],
};
