import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import type { Identity } from "../../family.ts";
import { certificateProblem } from "../certificates.ts";
import { findDroplet, listDroplets, missingDropletsProblem } from "../droplets/model.ts";
import { projectOf, projectProblem } from "../projects.ts";
import { presentRegion, regionProblem } from "../regions.ts";
import type { LoadBalancerRequest } from "./request.ts";

/** A load balancer as stored: what was asked, and what the cloud added. */
export interface LoadBalancerDocument extends LoadBalancerRequest {
  readonly id: string;
  /** Its address once it is active. */
  readonly address: string;
  readonly ipv6Address?: string | undefined;
  readonly createdAt: string;
  readonly createdMs: number;
}

export const balancerCollection = (store: Store) => store.collection<LoadBalancerDocument>("load_balancers");

export const urnOf = (id: string): string => `do:loadbalancer:${id}`;

export const identityOf = (id: string): Identity => ({ kind: "load_balancers", id });

/** What the API shows for a health check, sessions and firewall that were not asked for. */
const defaultHealthCheck = {
  protocol: "http",
  port: 80,
  path: "/",
  check_interval_seconds: 10,
  response_timeout_seconds: 5,
  unhealthy_threshold: 5,
  healthy_threshold: 3,
};

/** The droplets behind it: those named, or those that bear its tag now. */
function targetsOf(cloud: Cloud, balancer: LoadBalancerDocument): number[] {
  const { tag } = balancer;
  if (tag === undefined) return balancer.droplet_ids;
  return listDroplets(cloud)
    .filter((droplet) => droplet.tags.includes(tag) && droplet.vpcUuid === balancer.vpc_uuid)
    .map((droplet) => droplet.id);
}

/** A load balancer as the API shows it. */
export function present(cloud: Cloud, balancer: LoadBalancerDocument): object {
  const { address, ipv6Address, createdAt, createdMs, region, size, size_unit, validate_only, ...shown } =
    balancer;
  const active = cloud.settled(createdMs);
  const networked = balancer.type === "REGIONAL_NETWORK";
  return {
    ...shown,
    project_id: projectOf(cloud, urnOf(balancer.id), balancer.tags).id,
    tag: balancer.tag ?? "",
    algorithm: balancer.algorithm || "round_robin",
    ip: active ? address : "",
    ...(active && ipv6Address !== undefined && { ipv6: ipv6Address }),
    status: active ? "active" : "new",
    created_at: createdAt,
    ...(region !== undefined && { region: presentRegion(region) }),
    // One of the two only: clients send back what they read, and a request may not hold both.
    ...(balancer.type !== "GLOBAL" && (size === undefined ? { size_unit: size_unit ?? 1 } : { size })),
    droplet_ids: targetsOf(cloud, balancer),
    health_check: balancer.health_check ?? {
      ...defaultHealthCheck,
      ...(networked && { protocol: "tcp", path: undefined }),
    },
    sticky_sessions: balancer.sticky_sessions ?? { type: "none" },
    firewall: balancer.firewall ?? { allow: [], deny: [] },
    disable_lets_encrypt_dns_records: balancer.disable_lets_encrypt_dns_records ?? false,
  };
}

/** Everything that is wrong with the request beyond its form, none when nothing is. */
export function problemsOf(cloud: Cloud, request: LoadBalancerRequest): (string | undefined)[] {
  const { region } = request;
  const elsewhere = request.droplet_ids.filter((id) => {
    const droplet = findDroplet(cloud, id);
    return droplet !== undefined && region !== undefined && droplet.region !== region;
  });
  return [
    region === undefined ? undefined : regionProblem(region),
    projectProblem(cloud, request.project_id),
    missingDropletsProblem(cloud, request.droplet_ids),
    elsewhere.length === 0 ? undefined : `droplet_ids: ${elsewhere.join(", ")} are not in ${region}`,
    ...certificateProblems(cloud, request.forwarding_rules, "forwarding_rules"),
    ...certificateProblems(cloud, request.domains, "domains"),
    ...request.target_load_balancer_ids.map((id, index) =>
      balancerCollection(cloud.store).get(id) === undefined
        ? `target_load_balancer_ids.${index}: there is no load balancer ${id}`
        : undefined,
    ),
  ];
}

function certificateProblems(
  cloud: Cloud,
  holders: readonly { readonly certificate_id: string }[],
  field: string,
): (string | undefined)[] {
  return holders.map(({ certificate_id: id }, index) =>
    id === "" ? undefined : certificateProblem(cloud, id, `${field}.${index}.certificate_id`),
  );
}
