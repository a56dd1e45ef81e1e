import { randomUUID } from "node:crypto";
import { z } from "zod";
import { leasePrivateAddress, leasePublicAddress, releaseAddresses } from "../../addresses.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, refuseIfAny, unprocessable } from "../../errors.ts";
import type { CloudResource, Family, Identity } from "../../family.ts";
import { numericId } from "../../fields.ts";
import { newIpv6Address } from "../droplets/create.ts";
import { findDroplet } from "../droplets/model.ts";
import { assignToProject } from "../projects.ts";
import { ensureTags } from "../tags.ts";
import { findVpc, requireVpc } from "../vpcs.ts";
import {
  balancerCollection,
  identityOf,
  type LoadBalancerDocument,
  present,
  problemsOf,
  urnOf,
} from "./model.ts";
import {
  duplicateEntries,
  type ForwardingRule,
  forwardingRule,
  type LoadBalancerRequest,
  loadBalancerRequest,
} from "./request.ts";

function refuseTakenName(cloud: Cloud, name: string, ownId?: string): void {
  const taken = balancerCollection(cloud.store)
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
      balancerCollection(cloud.store)
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
      balancerCollection(cloud.store).put(id, balancer);
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

const existing = (cloud: Cloud, id: string): LoadBalancerDocument =>
  found(balancerCollection(cloud.store).get(id));

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
    balancerCollection(cloud.store).put(id, updated);
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
  balancerCollection(cloud.store).delete(identity.id);
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
  balancerCollection(cloud.store).put(id, changed);
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
  balancerCollection(cloud.store).put(id, changed);
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
  resources: (store) => balancerCollection(store).list().map(describe),
  destroy: { load_balancers: destroy },
  taggable: {
    load_balancers: (store, id, tags) => {
      const balancer = balancerCollection(store).get(id);
      if (balancer !== undefined) balancerCollection(store).put(id, { ...balancer, tags });
    },
  },
  forget: (cloud, gone) => {
    if (gone.kind !== "droplets") return;
    for (const balancer of balancerCollection(cloud.store).list()) {
      const droplet_ids = balancer.droplet_ids.filter((id) => String(id) !== gone.id);
      if (droplet_ids.length < balancer.droplet_ids.length) {
        balancerCollection(cloud.store).put(balancer.id, { ...balancer, droplet_ids });
      }
    }
  },
};
