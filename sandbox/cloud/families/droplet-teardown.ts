import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, unprocessable } from "../errors.ts";
import type { Family } from "../family.ts";
import { listOf } from "../fields.ts";
import { removeDroplet } from "./droplets/create.ts";
import { requireDroplet } from "./droplets/model.ts";
import { ownImages } from "./images.ts";
import { volumeSnapshotCollection, volumesOf } from "./volumes/model.ts";

interface Thing {
  readonly id: string;
  readonly name: string;
}

/** The lists of the API, each of which holds things of one kind. */
const lists = ["reserved_ips", "floating_ips", "snapshots", "volumes", "volume_snapshots"] as const;

type List = (typeof lists)[number];
type Associated = Readonly<Record<List, readonly Thing[]>>;

/** What each list's things are deleted as. */
const kindOf: Readonly<Record<List, string>> = {
  reserved_ips: "reserved_ips",
  floating_ips: "reserved_ips",
  snapshots: "images",
  volumes: "volumes",
  volume_snapshots: "volume_snapshots",
};

/** The last teardown of a droplet, which can be asked for when the droplet is gone. */
interface Teardown {
  readonly droplet: Thing;
  readonly destroyed: Associated;
  readonly at: string;
}

const collection = (store: Store) => store.collection<Teardown>("droplet_teardowns");

const base = "/v2/droplets/{droplet_id}/destroy_with_associated_resources" as const;

const selection = z.strictObject({
  reserved_ips: listOf(z.string()),
  floating_ips: listOf(z.string()),
  snapshots: listOf(z.string()),
  volumes: listOf(z.string()),
  volume_snapshots: listOf(z.string()),
});

function associatedWith(cloud: Cloud, dropletId: number): Associated {
  const volumes = volumesOf(cloud.store, dropletId);
  return {
    reserved_ips: cloud
      .usersOf({ kind: "droplets", id: String(dropletId) })
      .filter(({ kind }) => kind === "reserved_ips"),
    // The older name of the same addresses: nothing is listed, and so deleted, twice.
    floating_ips: [],
    snapshots: ownImages(cloud.store)
      .filter((image) => image.dropletId === dropletId && image.type === "snapshot")
      .map(({ id, name }) => ({ id: String(id), name })),
    volumes,
    volume_snapshots: volumeSnapshotCollection(cloud.store)
      .list()
      .filter((snapshot) => volumes.some((volume) => volume.id === snapshot.volumeId)),
  };
}

/** Every list, each thing of it shown. */
const present = (associated: Associated, show: (thing: Thing) => object): object =>
  Object.fromEntries(lists.map((list) => [list, associated[list].map(show)]));

/** Deletes a droplet, and after it what is chosen of what belongs to it. */
async function tearDown(cloud: Cloud, dropletId: number, destroyed: Associated): Promise<void> {
  const { name } = requireDroplet(cloud, dropletId);
  await removeDroplet(cloud, dropletId);
  for (const list of lists) {
    for (const { id } of destroyed[list]) await cloud.destroy({ kind: kindOf[list], id });
  }
  const droplet = { id: String(dropletId), name };
  collection(cloud.store).put(droplet.id, { droplet, destroyed, at: cloud.timestamp() });
}

const list = endpoint({
  method: "GET",
  path: base,
  handle: ({ cloud, params }) =>
    present(associatedWith(cloud, requireDroplet(cloud, params.droplet_id).id), ({ id, name }) => ({
      id,
      name,
      cost: "0.00",
    })),
});

const selective = endpoint({
  method: "DELETE",
  path: `${base}/selective`,
  status: 202,
  body: selection.optional(),
  handle: async ({ cloud, params, body }) => {
    const { id, name } = requireDroplet(cloud, params.droplet_id);
    const known = associatedWith(cloud, id);
    const foreign = lists.flatMap((list) =>
      (body?.[list] ?? [])
        .filter((wanted) => !known[list].some((thing) => thing.id === wanted))
        .map((wanted) => `${list}: ${wanted} does not belong to the droplet ${name}`),
    );
    if (foreign.length > 0) throw unprocessable(...foreign);
    const chosen = (list: List) => known[list].filter((thing) => body?.[list].includes(thing.id));
    await tearDown(cloud, id, {
      reserved_ips: chosen("reserved_ips"),
      floating_ips: chosen("floating_ips"),
      snapshots: chosen("snapshots"),
      volumes: chosen("volumes"),
      volume_snapshots: chosen("volume_snapshots"),
    });
  },
});

const everything = endpoint({
  method: "DELETE",
  path: `${base}/dangerous`,
  status: 202,
  dangerous: true,
  handle: async ({ cloud, params }) => {
    const { id } = requireDroplet(cloud, params.droplet_id);
    await tearDown(cloud, id, associatedWith(cloud, id));
  },
});

const readStatus = endpoint({
  method: "GET",
  path: `${base}/status`,
  handle: ({ cloud, params }) => {
    const { droplet, destroyed, at } = found(collection(cloud.store).get(params.droplet_id));
    const show = ({ id, name }: Thing) => ({ id, name, destroyed_at: at });
    return { droplet: show(droplet), resources: present(destroyed, show), completed_at: at, failures: 0 };
  },
});

const retry = endpoint({
  method: "POST",
  path: `${base}/retry`,
  status: 202,
  // A teardown is refused whole or carried out whole: there is never anything left to do.
  handle: ({ cloud, params }) => {
    found(collection(cloud.store).get(params.droplet_id));
  },
});

/** Deleting a droplet with what belongs to it. */
export const dropletTeardown: Family = {
  name: "droplet teardown",
  endpoints: [list, selective, everything, readStatus, retry],
};
