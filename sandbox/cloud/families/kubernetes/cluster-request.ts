import { isIPv4 } from "node:net";
import { z } from "zod";
import { kubernetesLimits } from "../../../../catalog/kubernetes.ts";
import { regions } from "../../../../catalog/regions.ts";
import { formatRange, overlap, parseRange } from "../../../ranges.ts";
import type { Cloud } from "../../context.ts";
import { listOf, optional, optionalText, tagList, tagName } from "../../fields.ts";
import { regionProblem } from "../regions.ts";
import { findVpc } from "../vpcs.ts";
import { clusterCollection } from "./model.ts";
import { createPoolBody } from "./pool-request.ts";

/** What clusters get that name no subnets of their own. */
export const defaultSubnets = { cluster: "10.244.0.0/16", service: "10.245.0.0/16" } as const;

const plugin = optional(z.strictObject({ enabled: optional(z.boolean()) }));

/** Settings that are kept and shown, and change nothing in the sandbox. */
const settings = {
  control_plane_firewall: optional(
    z.strictObject({
      enabled: optional(z.boolean()),
      allowed_addresses: listOf(z.string().refine(isAddressRange, "is not an IPv4 address or a CIDR range")),
    }),
  ),
  cluster_autoscaler_configuration: optional(
    z.strictObject({
      scale_down_utilization_threshold: optional(z.number().min(0).max(1)),
      scale_down_unneeded_time: optional(
        // Go clients send an empty duration for none.
        z.string().regex(/^((\d+(h|m|s))+)?$/, "is not a duration such as 1m30s"),
      ),
      expanders: listOf(z.enum(["random", "priority", "least_waste"])),
    }),
  ),
  sso: optional(
    z.strictObject({
      enabled: optional(z.boolean()),
      required: optional(z.boolean()),
      issuer_url: optionalText,
      client_id: optionalText,
    }),
  ),
  routing_agent: plugin,
  p2p_oci_registry_plugin: plugin,
  amd_gpu_device_plugin: plugin,
  amd_gpu_device_metrics_exporter_plugin: plugin,
  nvidia_gpu_device_plugin: plugin,
  rdma_shared_dev_plugin: plugin,
  coredns_autoscaler: plugin,
};
const settingNames: readonly string[] = Object.keys(settings);

const maintenancePolicy = optional(
  z.strictObject({
    day: z
      .enum(["any", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
      .default("any"),
    start_time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time such as 04:00")
      .default("00:00"),
    duration: optionalText,
  }),
).transform((policy) => policy && { day: policy.day, start_time: policy.start_time, duration: "4h0m0s" });

const clusterName = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "may hold lower-case letters, digits and hyphens, none at its ends",
  );

export const createClusterBody = z.strictObject({
  name: clusterName,
  region: z.string(),
  version: z.string().min(1),
  vpc_uuid: optionalText,
  worker_subnet_uuid: optionalText,
  cluster_subnet: optionalText,
  service_subnet: optionalText,
  tags: tagList,
  node_pools: z.array(createPoolBody).min(1, "a cluster needs at least one node pool"),
  maintenance_policy: maintenancePolicy,
  auto_upgrade: z.boolean().default(false),
  surge_upgrade: z.boolean().default(false),
  isolated_workers: z.boolean().default(false),
  ha: optional(z.boolean()),
  ...settings,
});

export const updateClusterBody = z.strictObject({
  name: clusterName,
  tags: optional(z.array(tagName)),
  maintenance_policy: maintenancePolicy,
  auto_upgrade: optional(z.boolean()),
  surge_upgrade: optional(z.boolean()),
  ha: optional(z.boolean()),
  ...settings,
});

/** The settings of a request that were named. */
export function settingsOf(body: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => settingNames.includes(name) && value !== undefined),
  );
}

/** The slug that a request means: itself, the newest of a minor version, or of all. */
export function resolveVersion(cloud: Cloud, wanted: string): string | undefined {
  return cloud.kubernetes.versions.find(
    ({ slug }) => wanted === "latest" || slug === wanted || slug.startsWith(`${wanted}.`),
  )?.slug;
}

/** Whether clusters of this version have a highly available control plane unless told otherwise. */
export function isHighlyAvailableByDefault(slug: string): boolean {
  const [major = 0, minor = 0] = slug.split(".").map(Number);
  const [fromMajor = 0, fromMinor = 0] = kubernetesLimits.highAvailabilityDefaultFrom.split(".").map(Number);
  return major > fromMajor || (major === fromMajor && minor >= fromMinor);
}

type CreateRequest = z.output<typeof createClusterBody>;

/** Everything that is wrong with a cluster, its pools apart. */
export function clusterProblems(cloud: Cloud, body: CreateRequest): (string | undefined)[] {
  const offered = cloud.kubernetes.versions.map(({ slug }) => slug).join(", ");
  return [
    clusterCollection(cloud.store)
      .list()
      .some(({ name }) => name === body.name)
      ? `name: a cluster named ${body.name} already exists in this account`
      : undefined,
    kubernetesRegionProblem(body.region),
    resolveVersion(cloud, body.version) === undefined
      ? `version: ${body.version} is not on offer; it is one of ${offered}`
      : undefined,
    ...subnetProblems(cloud, body),
    body.isolated_workers && !hasGateway(cloud, body.vpc_uuid)
      ? "isolated_workers: the VPC needs a NAT gateway, through which isolated workers reach the internet"
      : undefined,
    body.worker_subnet_uuid === undefined
      ? undefined
      : "worker_subnet_uuid: the sandbox's VPCs have no subnets",
  ];
}

function kubernetesRegionProblem(slug: string): string | undefined {
  const region = regions.find((each) => each.slug === slug);
  return region?.kubernetes === false && region.available
    ? `region: ${slug} has no managed Kubernetes`
    : regionProblem(slug);
}

function hasGateway(cloud: Cloud, vpcUuid: string | undefined): boolean {
  return (
    vpcUuid !== undefined &&
    cloud.usersOf({ kind: "vpcs", id: vpcUuid }).some(({ kind }) => kind === "vpc_nat_gateways")
  );
}

/** Subnets of a cluster's own lie apart from each other, from every VPC and from other clusters' subnets. */
function subnetProblems(cloud: Cloud, body: CreateRequest): (string | undefined)[] {
  const { cluster_subnet: pods, service_subnet: services } = body;
  if (pods === undefined && services === undefined) return [];
  if (pods === undefined) return ["cluster_subnet: is needed where service_subnet is given"];
  if (services === undefined) return ["service_subnet: is needed where cluster_subnet is given"];
  const taken = takenRanges(cloud);
  return [
    rangeProblem("cluster_subnet", pods, kubernetesLimits.clusterSubnetMaximumPrefix, [
      ...taken,
      { range: services, of: "service_subnet" },
    ]),
    rangeProblem("service_subnet", services, kubernetesLimits.serviceSubnetMaximumPrefix, taken),
  ];
}

interface TakenRange {
  readonly range: string;
  /** Whose it is, for messages. */
  readonly of: string;
}

function takenRanges(cloud: Cloud): TakenRange[] {
  const vpcs = cloud
    .resources()
    .filter(({ kind }) => kind === "vpcs")
    .map(({ id }) => findVpc(cloud.store, id))
    .filter((vpc) => vpc !== undefined)
    .map((vpc) => ({ range: vpc.ip_range, of: `the VPC ${vpc.name}` }));
  const clusters = clusterCollection(cloud.store)
    .list()
    .filter(({ clusterSubnet }) => clusterSubnet !== defaultSubnets.cluster)
    .flatMap(({ name, clusterSubnet, serviceSubnet }) =>
      [clusterSubnet, serviceSubnet].map((range) => ({ range, of: `the cluster ${name}` })),
    );
  return [...vpcs, ...clusters];
}

function rangeProblem(
  field: string,
  text: string,
  largestPrefix: number,
  taken: readonly TakenRange[],
): string | undefined {
  const range = parseRange(text);
  if (range === undefined) return `${field}: ${text} is not a range in CIDR notation, such as 10.100.0.0/16`;
  if (range.prefixLength > largestPrefix) return `${field}: ${text} is smaller than a /${largestPrefix}`;
  const other = taken.find((each) => {
    const parsed = parseRange(each.range);
    return parsed !== undefined && overlap(parsed, range);
  });
  return other && `${field}: ${formatRange(range)} overlaps with ${other.range} of ${other.of}`;
}

/** One public address or a range of them, of IPv4. */
function isAddressRange(value: string): boolean {
  return isIPv4(value) || parseRange(value) !== undefined;
}
