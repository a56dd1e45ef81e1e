import { z } from "zod";
import { endpoint } from "../../endpoint.ts";
import { refuseIfAny, unprocessable } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { linkTo } from "../actions.ts";
import { findSize } from "../sizes.ts";
import { attachmentProblems, setAttachment } from "../volumes/model.ts";
import { findVpc } from "../vpcs.ts";
import { dropletActions, startDropletAction } from "./actions.ts";
import { dropletBackups } from "./backups.ts";
import {
  createDroplets,
  type DropletSpec,
  defaultBackupPolicy,
  makeDroplet,
  removeDroplet,
} from "./create.ts";
import { type DropletDocument, listDroplets, putDroplet, requireDroplet, storedDroplets } from "./model.ts";
import { presentDroplet, presentDroplets } from "./present.ts";

const defaultRegion = "nyc3";

const list = endpoint({
  method: "GET",
  path: "/v2/droplets",
  query: z.object({
    name: z.string().optional(),
    tag_name: z.string().optional(),
    type: z.enum(["droplets", "gpus"]).optional(),
  }),
  handle: ({ cloud, query, page }) => {
    const hasGpu = (droplet: DropletDocument) => findSize(droplet.size)?.gpu !== undefined;
    const droplets = listDroplets(cloud)
      .filter((droplet) => query.name === undefined || droplet.name === query.name)
      .filter((droplet) => query.tag_name === undefined || droplet.tags.includes(query.tag_name))
      .filter((droplet) => query.type === undefined || hasGpu(droplet) === (query.type === "gpus"));
    return page("droplets", droplets, (shown) => presentDroplets(cloud, shown));
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/droplets",
  status: 202,
  body: createDroplets,
  handle: ({ cloud, body }) => {
    const spec: Omit<DropletSpec, "name"> = {
      region: body.region ?? findVpc(cloud.store, body.vpc_uuid ?? "")?.region ?? defaultRegion,
      size: body.size,
      image: body.image,
      sshKeys: body.ssh_keys,
      backupPolicy: body.backup_policy ?? (body.backups ? defaultBackupPolicy : undefined),
      ipv6: body.ipv6,
      monitoring: body.monitoring,
      agent: body.with_droplet_agent ?? true,
      tags: body.tags,
      userData: body.user_data,
      vpcUuid: body.vpc_uuid,
      publicNetworking: body.public_networking ?? true,
    };
    if (body.names !== undefined && body.volumes.length > 0) {
      throw unprocessable("volumes: a volume can be attached to one droplet only, and names makes several");
    }
    refuseIfAny(...attachmentProblems(cloud.store, body.volumes, { region: spec.region }));
    const names = body.names ?? [body.name ?? ""];
    // All of them, or none when one is refused.
    const droplets = cloud.store.transaction(() =>
      names.map((name) => makeDroplet(cloud, { ...spec, name })),
    );
    const actions = droplets.map((droplet) => linkTo(startDropletAction(cloud, droplet, "create"), "create"));
    for (const volume of body.volumes) setAttachment(cloud.store, volume, droplets[0]?.id);
    const shown = presentDroplets(cloud, droplets);
    return body.names === undefined
      ? { droplet: shown[0], links: { actions } }
      : { droplets: shown, links: { actions } };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}",
  handle: ({ cloud, params }) => ({
    droplet: presentDroplet(cloud, requireDroplet(cloud, params.droplet_id)),
  }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/droplets/{droplet_id}",
  handle: ({ cloud, params }) => removeDroplet(cloud, requireDroplet(cloud, params.droplet_id).id),
});

const removeByTag = endpoint({
  method: "DELETE",
  path: "/v2/droplets",
  query: z.object({ tag_name: z.string().min(1) }),
  handle: async ({ cloud, query }) => {
    const tagged = listDroplets(cloud).filter((droplet) => droplet.tags.includes(query.tag_name));
    for (const droplet of tagged) await removeDroplet(cloud, droplet.id);
  },
});

const listKernels = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/kernels",
  handle: ({ cloud, params, page }) => {
    requireDroplet(cloud, params.droplet_id);
    // Droplets of today boot the kernel of their own disk.
    return page("kernels", []);
  },
});

const listNeighbors = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/neighbors",
  handle: ({ cloud, params }) => {
    requireDroplet(cloud, params.droplet_id);
    return { droplets: [] };
  },
});

const listAllNeighbors = endpoint({
  method: "GET",
  path: "/v2/reports/droplet_neighbors_ids",
  handle: () => ({ neighbor_ids: [] }),
});

/** Droplets, and what is done to them. */
export const droplets: Family = {
  name: "droplets",
  endpoints: [
    list,
    create,
    read,
    remove,
    removeByTag,
    listKernels,
    listNeighbors,
    listAllNeighbors,
    ...dropletActions,
    ...dropletBackups,
  ],
  resources: (store) =>
    storedDroplets(store).map((droplet) => ({
      kind: "droplets",
      id: String(droplet.id),
      name: droplet.name,
      createdAt: droplet.createdAt,
      urn: `do:droplet:${droplet.id}`,
      tags: droplet.tags,
      uses: [{ kind: "vpcs", id: droplet.vpcUuid }],
    })),
  taggable: {
    droplets: (store, id, tags) => {
      const droplet = storedDroplets(store).find((one) => String(one.id) === id);
      if (droplet !== undefined) putDroplet(store, { ...droplet, tags });
    },
  },
};
