import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found } from "../errors.ts";
import type { Family, Identity } from "../family.ts";
import { presentRegion, type RegionView } from "./regions.ts";

interface ActionDocument {
  readonly id: number;
  readonly type: string;
  readonly startedMs: number;
  /** What it was done to; a path below it lists it. */
  readonly subject: Identity;
  readonly resourceId: number | null;
  readonly resourceType: string;
  readonly region: string;
}

/** An action as the API shows it. */
export interface ActionView {
  readonly id: number;
  readonly status: "in-progress" | "completed";
  readonly type: string;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly resource_id: number | null;
  readonly resource_type: string;
  readonly region: RegionView;
  readonly region_slug: string;
}

/** What is being done, to what. */
export interface ActionStart {
  readonly type: string;
  readonly subject: Identity;
  /** As the API names it: `droplet`, `volume`, `reserved_ip`, `image`. */
  readonly resourceType: string;
  /** Slug. */
  readonly region: string;
  /** Default: the subject's id where that is a number. */
  readonly resourceId?: number;
}

const collection = (store: Store) => store.collection<ActionDocument>("actions");

const atSecond = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Records that something began; it is `in-progress` until the cloud's latency is over. */
export function startAction(cloud: Cloud, start: ActionStart): ActionView {
  const id = cloud.store.nextInteger("actions", 2_000_000_001);
  const numeric = start.resourceId ?? Number(start.subject.id);
  const action: ActionDocument = {
    ...start,
    id,
    startedMs: cloud.now(),
    // Things known by a UUID or by an address have no place in this field.
    resourceId: Number.isSafeInteger(numeric) ? numeric : null,
  };
  collection(cloud.store).put(String(id), action);
  return present(cloud, action);
}

function present(cloud: Cloud, action: ActionDocument): ActionView {
  const done = cloud.settled(action.startedMs);
  return {
    id: action.id,
    status: done ? "completed" : "in-progress",
    type: action.type,
    started_at: atSecond(action.startedMs),
    completed_at: done ? atSecond(action.startedMs + cloud.latencyMs) : null,
    resource_id: action.resourceId,
    resource_type: action.resourceType,
    region: presentRegion(action.region),
    region_slug: action.region,
  };
}

/** What was done to one thing, the newest first. */
export function actionsOf(cloud: Cloud, subject: Identity): ActionView[] {
  return collection(cloud.store)
    .list()
    .filter((action) => action.subject.kind === subject.kind && action.subject.id === subject.id)
    .map((action) => present(cloud, action))
    .reverse();
}

/** One action of one thing. @throws ApiError 404 */
export function requireAction(cloud: Cloud, subject: Identity, actionId: string): ActionView {
  return found(actionsOf(cloud, subject).find((action) => String(action.id) === actionId));
}

/** The link to an action that answers of creations carry. */
export function linkTo(action: ActionView, rel: string): { id: number; rel: string; href: string } {
  return { id: action.id, rel, href: `https://api.digitalocean.com/v2/actions/${action.id}` };
}

const list = endpoint({
  method: "GET",
  path: "/v2/actions",
  handle: ({ cloud, page }) =>
    page(
      "actions",
      collection(cloud.store)
        .list()
        .map((action) => present(cloud, action))
        .reverse(),
    ),
});

const read = endpoint({
  method: "GET",
  path: "/v2/actions/{action_id}",
  handle: ({ cloud, params }) => ({
    action: present(cloud, found(collection(cloud.store).get(params.action_id))),
  }),
});

/** What was done, to what, and whether it is over. A history: not in the inventory. */
export const actions: Family = { name: "actions", endpoints: [list, read] };
