import type { Family } from "../family.ts";
import { account } from "./account.ts";
import { actions } from "./actions.ts";
import { alertPolicies } from "./alert-policies.ts";
import { autoscalePools } from "./autoscale-pools/index.ts";
import { cdn } from "./cdn.ts";
import { certificates } from "./certificates.ts";
import { databases } from "./databases/index.ts";
import { domains } from "./domains/index.ts";
import { dropletTeardown } from "./droplet-teardown.ts";
import { droplets } from "./droplets/index.ts";
import { firewalls } from "./firewalls/index.ts";
import { images } from "./images.ts";
import { kubernetes } from "./kubernetes/index.ts";
import { loadBalancers } from "./load-balancers/index.ts";
import { natGateways } from "./nat-gateways.ts";
import { projects } from "./projects.ts";
import { regions } from "./regions.ts";
import { registries } from "./registries/index.ts";
import { reservedIps } from "./reserved-ips.ts";
import { reservedIpv6 } from "./reserved-ipv6.ts";
import { sizes } from "./sizes.ts";
import { snapshots } from "./snapshots.ts";
import { spacesKeys } from "./spaces-keys.ts";
import { sshKeys } from "./ssh-keys.ts";
import { tags } from "./tags.ts";
import { uptime } from "./uptime.ts";
import { volumes } from "./volumes/index.ts";
import { vpcPeerings } from "./vpc-peerings.ts";
import { vpcs } from "./vpcs.ts";

/**
 * The emulated API's table of contents.
 *
 * To add a family: copy `vpcs.ts`, rename its documents, and list it here. What makes one up:
 * 1. the document type (what the API shows, plus bookkeeping that `present` leaves out) and its collection;
 * 2. strict zod schemas of its requests, with every field the API's description has: what is unknown is refused;
 * 3. one `endpoint({ method, path, body, handle })` per operation, its path spelt as in the API's description. `handle`
 *    returns the body; it refuses with `notFound()`, `unprocessable()`, `conflict()` of `../errors.ts`; lists go through
 *    `page(key, items)`;
 * 4. `resources(store)`: what exists, with URN, tags and what it `uses`. From that alone come the inventory, the members
 *    of a VPC, "in use" refusals, counts of tags and what a project may hold;
 * 5. `forget(cloud, gone)` when its documents point at things of other families that may go before them;
 * 6. a test in `tests/sandbox/cloud/` through `testCloud()`, which holds every answer against the API's description.
 */
export const families: readonly Family[] = [
  account,
  regions,
  sizes,
  images,
  sshKeys,
  tags,
  actions,
  vpcs,
  vpcPeerings,
  natGateways,
  droplets,
  dropletTeardown,
  autoscalePools,
  volumes,
  snapshots,
  reservedIps,
  reservedIpv6,
  firewalls,
  certificates,
  loadBalancers,
  spacesKeys,
  cdn,
  domains,
  registries,
  projects,
  alertPolicies,
  uptime,
  databases,
  kubernetes,
];
