import type { RuleCase, Series } from "./rule-case.ts";

const at = 'job="node-exporter", instance="10.16.0.5:9100", node="pool-1"';
const labels = { job: "node-exporter", instance: "10.16.0.5:9100", node: "pool-1" };
const root = 'device="/dev/vda1", fstype="ext4", mountpoint="/"';
const rootLabels = { ...labels, device: "/dev/vda1", mountpoint: "/" };

/** Of two processors, each idle for so many seconds of a minute. */
const idle = (seconds: number) => ({
  [`node_cpu_seconds_total{${at}, cpu="0", mode="idle"}`]: `0+${seconds}x60`,
  [`node_cpu_seconds_total{${at}, cpu="1", mode="idle"}`]: `0+${seconds}x60`,
});
const memory = (available: string) => ({
  [`node_memory_MemAvailable_bytes{${at}}`]: available,
  [`node_memory_MemTotal_bytes{${at}}`]: "100x60",
});
/** A disk of a hundred bytes, of which so many are to be had. */
const disk = (available: string): Series => ({
  [`node_filesystem_avail_bytes{${at}, ${root}}`]: available,
  [`node_filesystem_size_bytes{${at}, ${root}}`]: "100x900",
  [`node_filesystem_avail_bytes{${at}, device="tmpfs", fstype="tmpfs", mountpoint="/tmp"}`]: "1x900",
  [`node_filesystem_size_bytes{${at}, device="tmpfs", fstype="tmpfs", mountpoint="/tmp"}`]: "100x900",
});

export const machineCases: readonly RuleCase[] = [
  {
    record: "instance:node_cpu:utilisation5m",
    when: "two processors rest for a quarter of the time",
    series: idle(15),
    atMinute: 10,
    values: [{ labels, value: 0.75 }],
  },
  {
    record: "instance:node_memory:utilisation",
    when: "a fifth is to be had",
    series: memory("20x60"),
    atMinute: 10,
    values: [{ labels, value: 0.8 }],
  },
  {
    record: "instance:node_disk:utilisation",
    when: "a disk is three quarters full, and something in memory nearly so",
    series: disk("25x60"),
    atMinute: 10,
    values: [{ labels: rootLabels, value: 0.75 }],
  },
  {
    record: "instance:node_network_receive:bytes5m",
    when: "two cards receive, and a pod's wire too",
    series: {
      [`node_network_receive_bytes_total{${at}, device="eth0"}`]: "0+60x20",
      [`node_network_receive_bytes_total{${at}, device="eth1"}`]: "0+120x20",
      [`node_network_receive_bytes_total{${at}, device="veth1a2b"}`]: "0+600x20",
    },
    atMinute: 10,
    values: [{ labels, value: 3 }],
  },
  {
    record: "instance:node_network_transmit:bytes5m",
    when: "a card sends",
    series: { [`node_network_transmit_bytes_total{${at}, device="eth0"}`]: "0+60x20" },
    atMinute: 10,
    values: [{ labels, value: 1 }],
  },
  {
    alert: "CpuBusy",
    when: "processors are busy for 90 %",
    series: idle(6),
    firesAtMinute: 16,
    notices: [{ labels, summary: "Processors of 10.16.0.5:9100 are 90% busy" }],
  },
  { alert: "CpuBusy", when: "they are for 79 %", series: idle(12.6), quietAtMinutes: [20, 60] },
  {
    alert: "MemoryShort",
    when: "86 % are used for a while",
    series: memory("50x4 14x14 50x40"),
    firesAtMinute: 15,
    notices: [{ labels, summary: "Memory of 10.16.0.5:9100 is 86% full" }],
    endsAtMinute: 30,
  },
  { alert: "MemoryShort", when: "84 % are", series: memory("16x60"), quietAtMinutes: [12, 60] },
  {
    alert: "DiskFilling",
    when: "a disk is 86 % full",
    series: disk("50x4 14x60"),
    firesAtMinute: 10,
    notices: [{ labels: rootLabels, summary: "Disk / of 10.16.0.5:9100 is 86% full" }],
  },
  { alert: "DiskFilling", when: "it is 84 % full", series: disk("16x60"), quietAtMinutes: [6, 60] },
  {
    alert: "DiskNearlyFull",
    when: "a disk is 91 % full",
    series: disk("50x4 9x60"),
    firesAtMinute: 6,
    notices: [{ labels: rootLabels, summary: "Disk / of 10.16.0.5:9100 is 91% full" }],
  },
  { alert: "DiskNearlyFull", when: "it is 89 % full", series: disk("11x60"), quietAtMinutes: [2, 60] },
  {
    alert: "DiskFullInFourDays",
    when: "of 45 % that are left, 1 % goes each hour",
    series: disk("45-1x12"),
    stepMinutes: 60,
    firesAtMinute: 120,
    notices: [
      {
        labels: { ...rootLabels, fstype: "ext4" },
        summary: "Disk / of 10.16.0.5:9100 is full in four days",
      },
    ],
  },
  {
    alert: "DiskFullInFourDays",
    when: "as much goes of a disk that is nearly empty, or a tenth as much of one that is not",
    series: {
      ...disk("95-1x12"),
      [`node_filesystem_avail_bytes{${at}, device="/dev/sda", fstype="ext4", mountpoint="/data"}`]:
        "45-0.1x12",
      [`node_filesystem_size_bytes{${at}, device="/dev/sda", fstype="ext4", mountpoint="/data"}`]: "100x12",
    },
    stepMinutes: 60,
    quietAtMinutes: [120, 360, 720],
  },
  {
    alert: "InodesShort",
    when: "9 of 100 are free",
    series: {
      [`node_filesystem_files_free{${at}, ${root}}`]: "9x60",
      [`node_filesystem_files{${at}, ${root}}`]: "100x60",
    },
    firesAtMinute: 15,
    notices: [
      {
        labels: { ...rootLabels, fstype: "ext4" },
        summary: "Disk / of 10.16.0.5:9100 has places for few more files",
        description:
          "9% of its inodes are free. Without one no file can be made, however much room there is.",
      },
    ],
  },
  {
    alert: "InodesShort",
    when: "11 of 100 are",
    series: {
      [`node_filesystem_files_free{${at}, ${root}}`]: "11x60",
      [`node_filesystem_files{${at}, ${root}}`]: "100x60",
    },
    quietAtMinutes: [16, 60],
  },
  {
    alert: "FileSystemReadOnly",
    when: "the kernel makes it so",
    series: { [`node_filesystem_readonly{${at}, ${root}}`]: "0x4 1x20" },
    firesAtMinute: 10,
    notices: [
      {
        labels: { ...rootLabels, fstype: "ext4" },
        summary: "10.16.0.5:9100 can no longer write to its own disk",
      },
    ],
  },
  {
    alert: "FileSystemReadOnly",
    when: "a medium is that by nature",
    series: {
      [`node_filesystem_readonly{${at}, device="/dev/sr0", fstype="iso9660", mountpoint="/mnt"}`]: "1x20",
    },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "ClockOff",
    when: "it is 60 ms behind",
    series: { [`node_timex_offset_seconds{${at}}`]: "-0.06x30" },
    firesAtMinute: 10,
    notices: [{ labels, summary: "The clock of 10.16.0.5:9100 is off by 60ms" }],
  },
  {
    alert: "ClockOff",
    when: "it is 10 ms ahead",
    series: { [`node_timex_offset_seconds{${at}}`]: "0.01x30" },
    quietAtMinutes: [11, 30],
  },
];
