/** Kubernetes events: how a controller tells the owner of an object what became of it. */
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

/** Records an event. Never fails: an event is a courtesy, and the object may be gone. */
export async function recordEvent(api: KubeApi, options: EventOptions): Promise<void> {
  const { component, kind, object, type, reason, message } = options;
  const { name = "", namespace, uid = "" } = object.metadata ?? {};
  const eventNamespace = namespace ?? DEFAULT_NAMESPACE;
  const now = new Date();
  const event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name}.${process.hrtime.bigint().toString(16)}`, namespace: eventNamespace },
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
  await api.create(`/api/v1/namespaces/${eventNamespace}/events`, event).catch(() => undefined);
}
