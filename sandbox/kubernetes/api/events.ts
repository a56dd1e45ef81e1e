/** Kubernetes events: how a controller tells the owner of an object what became of it. */
import { createHash } from "node:crypto";
import type { CoreV1Event, KubernetesObject } from "@kubernetes/client-node";
import type { KubeApi } from "./kube-api.ts";

const LONGEST_MESSAGE = 1024;
/** Cluster-wide objects have their events here. */
const DEFAULT_NAMESPACE = "default";

export interface EventOptions {
  /** Who reports, e.g. `service-controller`. */
  component: string;
  /** Kind of `object`, e.g. `Service`. */
  kind: string;
  object: KubernetesObject;
  type: "Normal" | "Warning";
  /** In CamelCase, e.g. `EnsuredLoadBalancer`. */
  reason: string;
  message: string;
}

/**
 * Records an event, or counts it once more when the same was said of the object before.
 * Never fails: an event is a courtesy, and the object may be gone.
 */
export async function recordEvent(api: KubeApi, options: EventOptions): Promise<void> {
  const event = describeEvent(options, new Date());
  const collection = `/api/v1/namespaces/${event.metadata.namespace}/events`;
  try {
    const path = `${collection}/${event.metadata.name}`;
    const known = await api.find<CoreV1Event>(path);
    if (known === undefined) await api.create(collection, event);
    else await api.patch(path, { count: (known.count ?? 1) + 1, lastTimestamp: event.lastTimestamp });
  } catch {
    // See above.
  }
}

function describeEvent({ component, kind, object, type, reason, message }: EventOptions, now: Date) {
  const { name = "", namespace, uid = "" } = object.metadata ?? {};
  const digest = createHash("sha256").update(`${uid} ${component} ${reason} ${message}`).digest("hex");
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${digest.slice(0, 16)}`, namespace: namespace ?? DEFAULT_NAMESPACE },
    involvedObject: {
      apiVersion: object.apiVersion ?? "v1",
      kind,
      name,
      uid,
      ...(namespace === undefined ? {} : { namespace }),
    },
    type,
    reason,
    message: message.slice(0, LONGEST_MESSAGE),
    source: { component },
    reportingComponent: component,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  } satisfies CoreV1Event;
}
