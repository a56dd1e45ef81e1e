import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../../store/store.ts";
import { leasePrivateAddress, leasePublicAddress, releaseAddresses } from "../../addresses.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, refuseIfAny, unprocessable } from "../../errors.ts";
import type { CloudResource, Family, Identity } from "../../family.ts";
import { numericId } from "../../fields.ts";
import { certificateProblem } from "../certificates.ts";
import { newIpv6Address } from "../droplets/create.ts";
import { findDroplet, listDroplets, missingDropletsProblem } from "../droplets/model.ts";
import { assignToProject, projectOf, projectProblem } from "../projects.ts";
import { presentRegion, regionProblem } from "../regions.ts";
import { ensureTags } from "../tags.ts";
import { findVpc, requireVpc } from "../vpcs.ts";
import {
  duplicateEntries,
  type ForwardingRule,
  forwardingRule,
  type LoadBalancerRequest,
  loadBalancerRequest,
} from "./request.ts";

/** A load balancer as stored: what was asked, and what the cloud added. */
interface LoadBalancerDocument extends LoadBalancerRequest {
  readonly id: string;
  /** Its address once it is active. */
  readonly address: string;
  readonly ipv6Address?: string | undefined;
  readonly createdAt: string;
  readonly createdMs: number;
}

const collection = (store: Store) => store.collection<LoadBalancerDocument>("load_balancers");

const urnOf = (id: string): string => `do:loadbalancer:${id}`;

const identityOf = (id: string): Identity => ({ kind: "load_balancers", id });

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

function present(cloud: Cloud, balancer: LoadBalancerDocument): object {
  const { address, ipv6Address, createdAt, createdMs, region, size, size_unit, validate_only, ...shown } =
    balancer;
  const active = cloud.settled(createdMs);
  const networked = balancer.type === "REGIONAL_NETWORK";
  return {
    ...shown,
    project_id: projectOf(cloud, urnOf(balancer.id)).id,
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
function problemsOf(cloud: Cloud, request: LoadBalancerRequest): (string | undefined)[] {
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
      collection(cloud.store).get(id) === undefined
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

function refuseTakenName(cloud: Cloud, name: string, ownId?: string): void {
  const taken = collection(cloud.store)
    .list()
    .some((other) => other.name === name && other.id !== ownId);
  if (taken) throw conflict(`name: a load balancer named ${name} already exists`);
}

/** The request with the region and the VPC it leads to. */
function placed(cloud: Cloud, request: LoadBalancerRequest): LoadBalancerRequest {
  if (request.type === "GLOBAL") return request;
  const region = request.region ?? findVpc(cloud.store, request.vpc_uuid ?? "")?.region;
  if (region === undefined) throw unprocessable(`vpc_uuid: there is no VPC ${request.vpc_uuid}`);
  refuseIfAny(...problemsOf(cloud, { ...request, region }));
  const ofDroplets = findDroplet(cloud, request.droplet_ids[0] ?? 0)?.vpcUuid;
  return { ...request, region, vpc_uuid: requireVpc(cloud, region, request.vpc_uuid ?? ofDroplets).id };
}

const list = endpoint({
  method: "GET",
  path: "/v2/load_balancers",
  query: z.object({ name: z.string().optional() }),
  handle: ({ cloud, query, page }) =>
    page(
      "load_balancers",
      collection(cloud.store)
        .list()
        .filter((balancer) => query.name === undefined || balancer.name === query.name)
        .map((balancer) => present(cloud, balancer)),
    ),
});

const create = endpoint({
  method: "POST",
  path: "/v2/load_balancers",
  status: 202,
  body: loadBalancerRequest,
  handle: ({ cloud, body }) => {
    refuseIfAny(...problemsOf(cloud, body));
    refuseTakenName(cloud, body.name);
    const request = placed(cloud, body);
    const id = randomUUID();
    const balancer: LoadBalancerDocument = {
      ...request,
      id,
      address: addressFor(cloud, request, identityOf(id)),
      ipv6Address: request.network_stack === "DUALSTACK" ? newIpv6Address() : undefined,
      createdAt: cloud.timestamp(),
      createdMs: cloud.now(),
    };
    if (body.validate_only === true) {
      releaseAddresses(cloud.store, identityOf(id));
    } else {
      ensureTags(cloud, body.tags);
      collection(cloud.store).put(id, balancer);
      joinProject(cloud, balancer);
    }
    return { load_balancer: present(cloud, balancer) };
  },
});

/** Into the project the request names; one that names none leaves it where it is. */
function joinProject(cloud: Cloud, { id, project_id }: LoadBalancerDocument): void {
  if (project_id !== undefined) assignToProject(cloud, urnOf(id), project_id);
}

function addressFor(cloud: Cloud, request: LoadBalancerRequest, holder: Identity): string {
  const vpc = findVpc(cloud.store, request.vpc_uuid ?? "");
  return request.network === "INTERNAL" && vpc !== undefined
    ? leasePrivateAddress(cloud.store, vpc, holder)
    : leasePublicAddress(cloud.store, holder);
}

const existing = (cloud: Cloud, id: string): LoadBalancerDocument => found(collection(cloud.store).get(id));

const read = endpoint({
  method: "GET",
  path: "/v2/load_balancers/{lb_id}",
  handle: ({ cloud, params }) => ({ load_balancer: present(cloud, existing(cloud, params.lb_id)) }),
});

/** What is decided when a load balancer is created. */
const fixed = ["type", "network", "region", "vpc_uuid"] as const;

const replace = endpoint({
  method: "PUT",
  path: "/v2/load_balancers/{lb_id}",
  body: loadBalancerRequest,
  handle: ({ cloud, params, body }) => {
    const balancer = existing(cloud, params.lb_id);
    const request = {
      ...body,
      region: body.region ?? balancer.region,
      vpc_uuid: body.vpc_uuid ?? balancer.vpc_uuid,
    };
    const moved = fixed.filter((field) => request[field] !== balancer[field]);
    refuseIfAny(
      ...moved.map((field) => `${field}: cannot be changed from ${balancer[field]} to ${request[field]}`),
      ...problemsOf(cloud, request),
    );
    refuseTakenName(cloud, body.name, balancer.id);
    ensureTags(cloud, body.tags);
    const { id, address, ipv6Address, createdAt, createdMs } = balancer;
    const updated = { ...request, id, address, ipv6Address, createdAt, createdMs };
    collection(cloud.store).put(id, updated);
    joinProject(cloud, updated);
    return { load_balancer: present(cloud, updated) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/load_balancers/{lb_id}",
  handle: ({ cloud, params }) => destroy(cloud, params.lb_id),
});

async function destroy(cloud: Cloud, id: string): Promise<void> {
  const identity = identityOf(existing(cloud, id).id);
  collection(cloud.store).delete(identity.id);
  releaseAddresses(cloud.store, identity);
  await cloud.forget(identity);
}

const purgeCache = endpoint({
  method: "DELETE",
  path: "/v2/load_balancers/{lb_id}/cache",
  handle: ({ cloud, params }) => {
    if (existing(cloud, params.lb_id).type !== "GLOBAL") {
      throw unprocessable("type: only a global load balancer has a cache");
    }
  },
});

const dropletList = z.strictObject({ droplet_ids: z.array(numericId).min(1) });
const ruleList = z.strictObject({ forwarding_rules: z.array(forwardingRule).min(1) });

function setTargets(cloud: Cloud, id: string, change: (ids: readonly number[]) => number[]): void {
  const balancer = existing(cloud, id);
  if (balancer.tag !== undefined) {
    throw unprocessable(`droplet_ids: the load balancer finds its droplets by the tag ${balancer.tag}`);
  }
  const changed = { ...balancer, droplet_ids: change(balancer.droplet_ids) };
  refuseIfAny(...problemsOf(cloud, changed));
  collection(cloud.store).put(id, changed);
}

const addDroplets = endpoint({
  method: "POST",
  path: "/v2/load_balancers/{lb_id}/droplets",
  status: 204,
  body: dropletList,
  handle: ({ cloud, params, body }) =>
    setTargets(cloud, params.lb_id, (ids) => [...new Set([...ids, ...body.droplet_ids])]),
});

const removeDroplets = endpoint({
  method: "DELETE",
  path: "/v2/load_balancers/{lb_id}/droplets",
  body: dropletList,
  handle: ({ cloud, params, body }) =>
    setTargets(cloud, params.lb_id, (ids) => ids.filter((id) => !body.droplet_ids.includes(id))),
});

function setRules(
  cloud: Cloud,
  id: string,
  change: (rules: readonly ForwardingRule[]) => ForwardingRule[],
): void {
  const balancer = existing(cloud, id);
  const changed = { ...balancer, forwarding_rules: change(balancer.forwarding_rules) };
  if (changed.forwarding_rules.length === 0) {
    throw unprocessable("forwarding_rules: a load balancer keeps at least one");
  }
  refuseIfAny(
    ...duplicateEntries(changed.forwarding_rules).map(([path, message]) => `${path}: ${message}`),
    ...problemsOf(cloud, changed),
  );
  collection(cloud.store).put(id, changed);
}

const addRules = endpoint({
  method: "POST",
  path: "/v2/load_balancers/{lb_id}/forwarding_rules",
  status: 204,
  body: ruleList,
  handle: ({ cloud, params, body }) =>
    setRules(cloud, params.lb_id, (rules) => [...rules, ...body.forwarding_rules]),
});

const removeRules = endpoint({
  method: "DELETE",
  path: "/v2/load_balancers/{lb_id}/forwarding_rules",
  body: ruleList,
  handle: ({ cloud, params, body }) => {
    const gone = (rule: ForwardingRule) =>
      body.forwarding_rules.some(
        (other) => other.entry_port === rule.entry_port && other.entry_protocol === rule.entry_protocol,
      );
    setRules(cloud, params.lb_id, (rules) => rules.filter((rule) => !gone(rule)));
  },
});

function describe(balancer: LoadBalancerDocument): CloudResource {
  const certificates = [...balancer.forwarding_rules, ...balancer.domains].map(
    (holder) => holder.certificate_id,
  );
  return {
    kind: "load_balancers",
    id: balancer.id,
    name: balancer.name,
    createdAt: balancer.createdAt,
    urn: urnOf(balancer.id),
    tags: balancer.tags,
    uses: [
      ...(balancer.vpc_uuid === undefined ? [] : [{ kind: "vpcs", id: balancer.vpc_uuid }]),
      ...certificates.filter((id) => id !== "").map((id) => ({ kind: "certificates", id })),
    ],
  };
}

/** Load balancers: rules, targets, certificates and addresses. */
export const loadBalancers: Family = {
  name: "load balancers",
  endpoints: [
    list,
    create,
    read,
    replace,
    remove,
    purgeCache,
    addDroplets,
    removeDroplets,
    addRules,
    removeRules,
  ],
  resources: (store) => collection(store).list().map(describe),
  destroy: { load_balancers: destroy },
  taggable: {
    load_balancers: (store, id, tags) => {
      const balancer = collection(store).get(id);
      if (balancer !== undefined) collection(store).put(id, { ...balancer, tags });
    },
  },
  forget: (cloud, gone) => {
    if (gone.kind !== "droplets") return;
    for (const balancer of collection(cloud.store).list()) {
      const droplet_ids = balancer.droplet_ids.filter((id) => String(id) !== gone.id);
      if (droplet_ids.length < balancer.droplet_ids.length) {
        collection(cloud.store).put(balancer.id, { ...balancer, droplet_ids });
      }
    }
  },
};
