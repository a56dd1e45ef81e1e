import { thresholds } from "../../../catalog/thresholds.ts";
import type { RuleSet } from "./rule.ts";

/** File systems with files of ours; the rest is memory, an image's layer or somebody else's. */
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|nsfs|fuse.*",mountpoint!~"/boot.*|/run.*"';
const machine = "job, instance, node";
const disk = `${machine}, device, mountpoint`;

/** Node exporter is a pod on nodes, and sees the pod's network: there the kubelet tells of the node's. */
function networkBytes(direction: "receive" | "transmit"): string {
  const inside = '!~"lo|veth.*|cilium.*|lxc.*"';
  const onDroplets = `node_network_${direction}_bytes_total{device${inside}}`;
  const onNodes = `container_network_${direction}_bytes_total{id="/",interface${inside}}`;
  return [onDroplets, onNodes].map((metric) => `sum by (${machine}) (rate(${metric}[5m]))`).join(" or ");
}

/** Nodes of the cluster and GPU droplets, as Node exporter tells of them. A label a machine lacks is left out. */
export const machineRules: RuleSet = {
  subject: "machines",
  dashboard: "kubernetes",
  recordings: [
    {
      record: "instance:node_cpu:utilisation5m",
      expression: `1 - avg by (${machine}) (rate(node_cpu_seconds_total{mode="idle"}[5m]))`,
    },
    {
      record: "instance:node_memory:utilisation",
      expression: "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
    },
    {
      record: "instance:node_disk:utilisation",
      // A volume that is mounted at several places is one.
      expression: `max by (${disk}) (1 - node_filesystem_avail_bytes{${disks}} / (node_filesystem_size_bytes{${disks}} > 0))`,
    },
    {
      record: "instance:node_network_receive:bytes5m",
      expression: networkBytes("receive"),
    },
    {
      record: "instance:node_network_transmit:bytes5m",
      expression: networkBytes("transmit"),
    },
  ],
  alerts: [
    {
      name: "CpuBusy",
      severity: "warning",
      expression: `instance:node_cpu:utilisation5m > ${thresholds.processors}`,
      // A transcription or a roll-out takes minutes; an autoscaler needs as long.
      lasting: "15m",
      lingering: "10m",
      summary: "Processors of {{ $labels.instance }} are {{ $value | humanizePercentage }} busy",
      description: "For a quarter of an hour they have been above 80 %, with little left for a burst.",
    },
    {
      name: "MemoryShort",
      severity: "warning",
      expression: `instance:node_memory:utilisation > ${thresholds.memory}`,
      lasting: "10m",
      lingering: "10m",
      summary: "Memory of {{ $labels.instance }} is {{ $value | humanizePercentage }} full",
      description: "For ten minutes it has been above 85 %. When it is full, the kernel ends a program.",
    },
    {
      name: "DiskFilling",
      severity: "warning",
      expression: `instance:node_disk:utilisation > ${thresholds.disk.warning}`,
      lasting: "5m",
      lingering: "10m",
      summary:
        "Disk {{ $labels.mountpoint }} of {{ $labels.instance }} is {{ $value | humanizePercentage }} full",
      description: "It has been above 85 % for five minutes.",
    },
    {
      name: "DiskNearlyFull",
      severity: "critical",
      expression: `instance:node_disk:utilisation > ${thresholds.disk.critical}`,
      lasting: "1m",
      lingering: "5m",
      summary:
        "Disk {{ $labels.mountpoint }} of {{ $labels.instance }} is {{ $value | humanizePercentage }} full",
      description:
        "It is above 90 %. When it is full, what runs there can no longer write, and pods are sent away.",
    },
    {
      name: "DiskFullInFourDays",
      severity: "warning",
      // What is nearly empty fills up in a straight line only on paper: half of it has to be used.
      expression: `predict_linear(node_filesystem_avail_bytes{${disks}}[6h], 4 * 86400) < 0 and on (${disk}) instance:node_disk:utilisation > 0.5`,
      lasting: "1h",
      summary: "Disk {{ $labels.mountpoint }} of {{ $labels.instance }} is full in four days",
      description: "If it goes on filling as in the last six hours. More than half of it is used already.",
    },
    {
      name: "InodesShort",
      severity: "warning",
      expression: `node_filesystem_files_free{${disks}} / (node_filesystem_files{${disks}} > 0) < 0.1`,
      lasting: "15m",
      summary: "Disk {{ $labels.mountpoint }} of {{ $labels.instance }} has places for few more files",
      description:
        "{{ $value | humanizePercentage }} of its inodes are free. Without one no file can be made, however much room there is.",
    },
    {
      name: "FileSystemReadOnly",
      severity: "warning",
      expression: 'node_filesystem_readonly{mountpoint="/"} == 1',
      lasting: "5m",
      summary: "{{ $labels.instance }} can no longer write to its own disk",
      description: "The kernel has made it read-only, as it does after errors of the disk.",
    },
    {
      name: "ClockOff",
      severity: "warning",
      expression: "abs(node_timex_offset_seconds) > 0.05",
      lasting: "10m",
      summary: "The clock of {{ $labels.instance }} is off by {{ $value | humanizeDuration }}",
      description:
        "More than 50 ms, for ten minutes: tokens and certificates fail where it gets to seconds, and logs lie in a wrong order.",
    },
  ],
};
