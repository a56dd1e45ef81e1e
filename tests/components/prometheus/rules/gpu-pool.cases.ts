import type { RuleCase } from "./rule-case.ts";

const nvidia = 'job="gpu-worker-gpu", instance="10.10.0.4:9400", gpu="0"';
const amd = 'job="gpu-worker-gpu", instance="10.10.0.5:9400", gpu_id="1"';
const ofNvidia = { instance: "10.10.0.4:9400", gpu: "0" };
const ofAmd = { instance: "10.10.0.5:9400", gpu: "1" };
const controller = 'job="gpu-pool-controller", instance="c"';
const ofController = { job: "gpu-pool-controller", instance: "c" };

const members = (wanted: string) => ({
  [`gpu_pool_members{${controller}, state="wanted"}`]: wanted,
  [`gpu_pool_members{${controller}, state="ceiling"}`]: "4x60",
});
const two = (first: string, second: string) => ({
  [`DCGM_FI_DEV_GPU_UTIL{${nvidia}}`]: first,
  'DCGM_FI_DEV_GPU_UTIL{job="gpu-worker-gpu", instance="10.10.0.4:9400", gpu="1"}': second,
});

export const gpuPoolCases: readonly RuleCase[] = [
  {
    record: "gpu:utilisation:ratio",
    when: "there is one of each brand",
    series: { [`DCGM_FI_DEV_GPU_UTIL{${nvidia}}`]: "80x9", [`gpu_gfx_activity{${amd}}`]: "40x9" },
    atMinute: 5,
    values: [
      { labels: ofNvidia, value: 0.8 },
      { labels: ofAmd, value: 0.4 },
    ],
  },
  {
    record: "gpu:memory:utilisation",
    when: "three quarters of one are used, and half of another",
    series: {
      [`DCGM_FI_DEV_FB_USED{${nvidia}}`]: "75x9",
      [`DCGM_FI_DEV_FB_FREE{${nvidia}}`]: "25x9",
      [`gpu_used_vram{${amd}}`]: "50x9",
      [`gpu_total_vram{${amd}}`]: "100x9",
    },
    atMinute: 5,
    values: [
      { labels: ofNvidia, value: 0.75 },
      { labels: ofAmd, value: 0.5 },
    ],
  },
  {
    record: "gpu:temperature:celsius",
    when: "there is one of each brand",
    series: { [`DCGM_FI_DEV_GPU_TEMP{${nvidia}}`]: "60x9", [`gpu_junction_temperature{${amd}}`]: "70x9" },
    atMinute: 5,
    values: [
      { labels: ofNvidia, value: 60 },
      { labels: ofAmd, value: 70 },
    ],
  },
  {
    record: "gpu:power:watts",
    when: "there is one of each brand",
    series: { [`DCGM_FI_DEV_POWER_USAGE{${nvidia}}`]: "300x9", [`gpu_package_power{${amd}}`]: "500x9" },
    atMinute: 5,
    values: [
      { labels: ofNvidia, value: 300 },
      { labels: ofAmd, value: 500 },
    ],
  },
  {
    record: "gpu:memory_faults:total",
    when: "there is one of each brand",
    series: {
      [`DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS{${nvidia}}`]: "1x9",
      [`gpu_ecc_uncorrect_total{${amd}}`]: "2x9",
    },
    atMinute: 5,
    values: [
      { labels: ofNvidia, value: 1 },
      { labels: ofAmd, value: 2 },
    ],
  },
  {
    alert: "GpuHot",
    when: "it gets to 86 degrees",
    series: { [`DCGM_FI_DEV_GPU_TEMP{${nvidia}}`]: "60x4 86x20" },
    firesAtMinute: 10,
    notices: [{ labels: ofNvidia, summary: "GPU 0 of 10.10.0.4:9400 is at 86 degrees" }],
  },
  {
    alert: "GpuHot",
    when: "it is at 85",
    series: { [`DCGM_FI_DEV_GPU_TEMP{${nvidia}}`]: "85x20" },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "GpuFaulty",
    when: "it has fallen off the bus",
    series: { [`DCGM_FI_DEV_XID_ERRORS{${nvidia}}`]: "0x4 79x20" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "gpu-worker-gpu", ...ofNvidia },
        summary: "GPU 0 of 10.10.0.4:9400 reports XID 79",
      },
    ],
  },
  {
    alert: "GpuFaulty",
    when: "a program reads where it must not",
    series: { [`DCGM_FI_DEV_XID_ERRORS{${nvidia}}`]: "0x4 31x20" },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "GpuMemoryFaulty",
    when: "a row has to be replaced, on either brand",
    series: {
      [`DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS{${nvidia}}`]: "0x9 1x20",
      [`gpu_ecc_uncorrect_total{${amd}}`]: "4x9 5x20",
    },
    firesAtMinute: 11,
    notices: [
      {
        labels: ofNvidia,
        summary: "Memory of GPU 0 of 10.10.0.4:9400 has errors that could not be corrected",
      },
      {
        labels: ofAmd,
        summary: "Memory of GPU 1 of 10.10.0.5:9400 has errors that could not be corrected",
      },
    ],
  },
  {
    alert: "GpuMemoryFaulty",
    when: "one was replaced long ago",
    series: { [`DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS{${nvidia}}`]: "1x90" },
    quietAtMinutes: [5, 90],
  },
  {
    alert: "GpuMemoryFull",
    when: "98 of 100 are used",
    series: {
      [`DCGM_FI_DEV_FB_USED{${nvidia}}`]: "98x30",
      [`DCGM_FI_DEV_FB_FREE{${nvidia}}`]: "2x30",
    },
    firesAtMinute: 15,
    notices: [{ labels: ofNvidia, summary: "Memory of GPU 0 of 10.10.0.4:9400 is 98% full" }],
  },
  {
    alert: "GpuMemoryFull",
    when: "96 are",
    series: {
      [`DCGM_FI_DEV_FB_USED{${nvidia}}`]: "96x30",
      [`DCGM_FI_DEV_FB_FREE{${nvidia}}`]: "4x30",
    },
    quietAtMinutes: [16, 30],
  },
  {
    alert: "GpuLost",
    when: "one of two is no longer told of",
    series: { ...two("50x60", "50x40 stale"), 'up{job="gpu-worker-gpu", instance="10.10.0.4:9400"}': "1x60" },
    firesAtMinute: 46,
    notices: [{ labels: { instance: "10.10.0.4:9400" }, summary: "10.10.0.4:9400 has lost 1 of its GPUs" }],
  },
  {
    alert: "GpuLost",
    when: "the droplet is replaced",
    series: {
      ...two("50x40 stale", "50x40 stale"),
      'up{job="gpu-worker-gpu", instance="10.10.0.4:9400"}': "1x40 stale",
    },
    quietAtMinutes: [46, 60],
  },
  {
    alert: "GpuIdle",
    when: "it has nothing to do",
    series: { [`DCGM_FI_DEV_GPU_UTIL{${nvidia}}`]: "1x240" },
    firesAtMinute: 180,
    notices: [
      {
        labels: ofNvidia,
        summary: "GPU 0 of 10.10.0.4:9400 has had nothing to do for hours, and costs money",
        description: "1% busy over the last two hours; a droplet's price runs whether it works or not.",
      },
    ],
  },
  {
    alert: "GpuIdle",
    when: "it is new, or works for a tenth of the time",
    series: { [`DCGM_FI_DEV_GPU_UTIL{${nvidia}}`]: "10x240", [`gpu_gfx_activity{${amd}}`]: "0x110" },
    quietAtMinutes: [110, 185, 240],
  },
  {
    alert: "GpuPoolControllerFails",
    when: "DigitalOcean's API does not answer",
    series: { [`gpu_pool_errors_total{${controller}, source="pool"}`]: "0+1x30" },
    firesAtMinute: 10.5,
    notices: [
      {
        labels: { ...ofController, source: "pool" },
        summary: "The GPU pool's controller fails to reach: pool",
        description: "10 rounds of the last quarter of an hour: the pool stays as large as it is.",
      },
    ],
  },
  {
    alert: "GpuPoolControllerFails",
    when: "it did not twice",
    series: { [`gpu_pool_errors_total{${controller}, source="pool"}`]: "0x4 2x30" },
    quietAtMinutes: [11, 30],
  },
  {
    alert: "GpuPoolControllerSilent",
    when: "its last decision was at the start",
    series: { [`gpu_pool_decided_timestamp_seconds{${controller}}`]: "0x30" },
    firesAtMinute: 7.5,
    notices: [
      {
        labels: ofController,
        summary: "The GPU pool's controller has not decided anything for 7m 30s",
      },
    ],
  },
  {
    alert: "GpuPoolControllerSilent",
    when: "it decides each minute",
    series: { [`gpu_pool_decided_timestamp_seconds{${controller}}`]: "0+60x30" },
    quietAtMinutes: [8, 30],
  },
  {
    alert: "GpuPoolAtCeiling",
    when: "six are wanted and four may be",
    series: members("6x60"),
    firesAtMinute: 30,
    notices: [
      {
        labels: { ...ofController, state: "wanted" },
        summary: "The queue asks for as many GPU workers as there may be, or more",
        description: "It has asked for 6 for half an hour: the wait grows.",
      },
    ],
  },
  { alert: "GpuPoolAtCeiling", when: "three are wanted", series: members("3x60"), quietAtMinutes: [31, 60] },
  {
    alert: "GpuPoolBudgetSpent",
    when: "91 of 100 dollars are spent",
    series: {
      [`gpu_pool_spent_usd{${controller}}`]: "91x20",
      [`gpu_pool_budget_usd{${controller}}`]: "100x20",
    },
    firesAtMinute: 1,
    notices: [{ labels: ofController, summary: "91% of today's budget for GPU workers is spent" }],
  },
  {
    alert: "GpuPoolBudgetSpent",
    when: "89 are",
    series: {
      [`gpu_pool_spent_usd{${controller}}`]: "89x20",
      [`gpu_pool_budget_usd{${controller}}`]: "100x20",
    },
    quietAtMinutes: [2, 20],
  },
  {
    alert: "GpuSecretsNotDelivered",
    when: "a member cannot be spoken to",
    series: { 'gpu_secrets_members{job="gpu-secrets-delivery", state="failing"}': "1x30" },
    firesAtMinute: 15,
    notices: [
      {
        labels: { job: "gpu-secrets-delivery", state: "failing" },
        summary: "1 GPU workers cannot be given their secrets",
      },
    ],
  },
  {
    alert: "GpuSecretsNotDelivered",
    when: "all have theirs",
    series: { 'gpu_secrets_members{job="gpu-secrets-delivery", state="failing"}': "0x30" },
    quietAtMinutes: [16, 30],
  },
];
