import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, notFound, refuseIfAny } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { listOf, numericId, tagName } from "../../fields.ts";
import { missingDropletsProblem, requireDroplet } from "../droplets/model.ts";
import { missingTagsProblem } from "../tags.ts";
import { hasRules, type Rules, ruleLists, ruleProblems, sameRule } from "./rules.ts";

interface FirewallDocument extends Rules {
  readonly id: string;
  readonly name: string;
  readonly droplet_ids: readonly number[];
  readonly tags: readonly string[];
  readonly created_at: string;
  /** When its rules or targets changed last. */
  readonly changedMs: number;
}

const collection = (store: Store) => store.collection<FirewallDocument>("firewalls");

const noRules = "give at least one inbound or outbound rule";

const firewallRequest = z
  .strictObject({
    name: z
      .string()
      .max(255)
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9.-]+$/,
        "must be two characters or more: letters, digits, dashes and periods, the first a letter or digit",
      ),
    droplet_ids: listOf(numericId),
    tags: listOf(tagName),
    ...ruleLists,
  })
  .refine(hasRules, { path: ["inbound_rules"], message: noRules });

const dropletList = z.strictObject({ droplet_ids: z.array(numericId).min(1) });
const tagNames = z.strictObject({ tags: z.array(tagName).min(1) });
const rulesRequest = z
  .strictObject(ruleLists)
  .refine(hasRules, { path: ["inbound_rules"], message: noRules });

function present(cloud: Cloud, firewall: FirewallDocument): object {
  const { changedMs, ...shown } = firewall;
  const waiting = !cloud.settled(changedMs);
  return {
    ...shown,
    status: waiting ? "waiting" : "succeeded",
    pending_changes: waiting
      ? firewall.droplet_ids.map((id) => ({ droplet_id: id, removing: false, status: "waiting" }))
      : [],
  };
}

/** Checks a firewall as it is to be, and stores it. */
function store(cloud: Cloud, firewall: Omit<FirewallDocument, "changedMs">): FirewallDocument {
  refuseIfAny(
    missingDropletsProblem(cloud, firewall.droplet_ids),
    missingTagsProblem(cloud, firewall.tags),
    ...ruleProblems(cloud, firewall),
  );
  const others = collection(cloud.store)
    .list()
    .filter((other) => other.id !== firewall.id);
  if (others.some((other) => other.name === firewall.name)) {
    throw conflict(`name: a firewall named ${firewall.name} already exists`);
  }
  const document = { ...firewall, changedMs: cloud.now() };
  collection(cloud.store).put(document.id, document);
  return document;
}

const existing = (cloud: Cloud, id: string): FirewallDocument => found(collection(cloud.store).get(id));

const unique = <T>(...items: T[]): T[] => [...new Set(items)];

const list = endpoint({
  method: "GET",
  path: "/v2/firewalls",
  handle: ({ cloud, page }) => {
    const firewalls = collection(cloud.store).list();
    return page(
      "firewalls",
      firewalls.map((firewall) => present(cloud, firewall)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/firewalls",
  status: 202,
  body: firewallRequest,
  handle: ({ cloud, body }) => ({
    firewall: present(cloud, store(cloud, { ...body, id: randomUUID(), created_at: cloud.timestamp() })),
  }),
});

const read = endpoint({
  method: "GET",
  path: "/v2/firewalls/{firewall_id}",
  handle: ({ cloud, params }) => ({ firewall: present(cloud, existing(cloud, params.firewall_id)) }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/firewalls/{firewall_id}",
  body: firewallRequest,
  handle: ({ cloud, params, body }) => {
    const { id, created_at } = existing(cloud, params.firewall_id);
    return { firewall: present(cloud, store(cloud, { ...body, id, created_at })) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/firewalls/{firewall_id}",
  handle: async ({ cloud, params }) => {
    if (!collection(cloud.store).delete(params.firewall_id)) throw notFound();
    await cloud.forget({ kind: "firewalls", id: params.firewall_id });
  },
});

const addDroplets = endpoint({
  method: "POST",
  path: "/v2/firewalls/{firewall_id}/droplets",
  status: 204,
  body: dropletList,
  handle: ({ cloud, params, body }) => {
    const firewall = existing(cloud, params.firewall_id);
    store(cloud, { ...firewall, droplet_ids: unique(...firewall.droplet_ids, ...body.droplet_ids) });
  },
});

const removeDroplets = endpoint({
  method: "DELETE",
  path: "/v2/firewalls/{firewall_id}/droplets",
  body: dropletList,
  handle: ({ cloud, params, body }) => {
    const firewall = existing(cloud, params.firewall_id);
    store(cloud, {
      ...firewall,
      droplet_ids: firewall.droplet_ids.filter((id) => !body.droplet_ids.includes(id)),
    });
  },
});

const addTags = endpoint({
  method: "POST",
  path: "/v2/firewalls/{firewall_id}/tags",
  status: 204,
  body: tagNames,
  handle: ({ cloud, params, body }) => {
    const firewall = existing(cloud, params.firewall_id);
    store(cloud, { ...firewall, tags: unique(...firewall.tags, ...body.tags) });
  },
});

const removeTags = endpoint({
  method: "DELETE",
  path: "/v2/firewalls/{firewall_id}/tags",
  body: tagNames,
  handle: ({ cloud, params, body }) => {
    const firewall = existing(cloud, params.firewall_id);
    store(cloud, { ...firewall, tags: firewall.tags.filter((tag) => !body.tags.includes(tag)) });
  },
});

const addRules = endpoint({
  method: "POST",
  path: "/v2/firewalls/{firewall_id}/rules",
  status: 204,
  body: rulesRequest,
  handle: ({ cloud, params, body }) => {
    const firewall = existing(cloud, params.firewall_id);
    store(cloud, {
      ...firewall,
      inbound_rules: [...firewall.inbound_rules, ...body.inbound_rules],
      outbound_rules: [...firewall.outbound_rules, ...body.outbound_rules],
    });
  },
});

const removeRules = endpoint({
  method: "DELETE",
  path: "/v2/firewalls/{firewall_id}/rules",
  body: rulesRequest,
  handle: ({ cloud, params, body }) => {
    const firewall = existing(cloud, params.firewall_id);
    store(cloud, {
      ...firewall,
      inbound_rules: firewall.inbound_rules.filter(
        (rule) => !body.inbound_rules.some((gone) => sameRule(gone, rule)),
      ),
      outbound_rules: firewall.outbound_rules.filter(
        (rule) => !body.outbound_rules.some((gone) => sameRule(gone, rule)),
      ),
    });
  },
});

const listOfDroplet = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/firewalls",
  handle: ({ cloud, params, page }) => {
    const droplet = requireDroplet(cloud, params.droplet_id);
    const firewalls = collection(cloud.store)
      .list()
      .filter(
        (firewall) =>
          firewall.droplet_ids.includes(droplet.id) ||
          firewall.tags.some((tag) => droplet.tags.includes(tag)),
      );
    return page(
      "firewalls",
      firewalls.map((firewall) => present(cloud, firewall)),
    );
  },
});

/** Cloud firewalls: rules, and the droplets and tags they hold for. */
export const firewalls: Family = {
  name: "firewalls",
  endpoints: [
    list,
    create,
    read,
    replace,
    remove,
    addDroplets,
    removeDroplets,
    addTags,
    removeTags,
    addRules,
    removeRules,
    listOfDroplet,
  ],
  resources: (store) =>
    collection(store)
      .list()
      .map((firewall) => ({
        kind: "firewalls",
        id: firewall.id,
        name: firewall.name,
        createdAt: firewall.created_at,
      })),
  forget: (cloud, gone) => {
    for (const firewall of collection(cloud.store).list()) {
      const droplet_ids = firewall.droplet_ids.filter(
        (id) => gone.kind !== "droplets" || String(id) !== gone.id,
      );
      const tags = firewall.tags.filter((tag) => gone.kind !== "tags" || tag !== gone.id);
      if (droplet_ids.length + tags.length === firewall.droplet_ids.length + firewall.tags.length) continue;
      collection(cloud.store).put(firewall.id, { ...firewall, droplet_ids, tags });
    }
  },
};
