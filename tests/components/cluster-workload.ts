import * as kubernetes from "@pulumi/kubernetes";
import { Agent, request } from "undici";
import { z } from "zod";

const namespace = "default";
export const replicas = 3;
/** With a disruption budget of one at a time. */
export const floor = replicas - 1;
const nodeSelector = { "whisper.platform/pool": "general" };
const containers = [{ name: "main", image: "registry.example/app:1.0.0" }];

/** What runs on the pool `general`: a service that may miss one pod at a time, and a store with a volume. */
export function makeWorkload(provider: kubernetes.Provider): void {
  const part = (app: string) => ({ metadata: { name: app, namespace }, labels: { app } });
  const service = part("served");
  new kubernetes.apps.v1.Deployment(
    "e2e-served",
    {
      metadata: service.metadata,
      spec: {
        replicas,
        selector: { matchLabels: service.labels },
        template: { metadata: { labels: service.labels }, spec: { nodeSelector, containers } },
      },
    },
    { provider },
  );
  new kubernetes.policy.v1.PodDisruptionBudget(
    "e2e-budget",
    {
      metadata: service.metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: service.labels } },
    },
    { provider },
  );
  const store = part("kept");
  new kubernetes.apps.v1.StatefulSet(
    "e2e-kept",
    {
      metadata: store.metadata,
      spec: {
        serviceName: "kept",
        selector: { matchLabels: store.labels },
        template: { metadata: { labels: store.labels }, spec: { nodeSelector, containers } },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      },
    },
    { provider },
  );
}

const podEvent = z.object({
  type: z.string(),
  object: z.object({
    metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
    spec: z.object({ nodeName: z.string().optional() }),
    status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional() }),
  }),
});

/** An API server, as DigitalOcean gives access to it. */
export const clusterAccess = z.object({
  server: z.string(),
  certificate_authority_data: z.string(),
  token: z.string(),
});

/** The service's pods, followed change by change. */
export interface FollowedPods {
  /** The fewest that were ready at any moment since all were. */
  fewest(): number;
  /** Where those run that are ready now. */
  nodes(): string[];
  stop(): Promise<void>;
}

/** Follows the service's pods until told to stop. */
export async function followPods(access: z.output<typeof clusterAccess>): Promise<FollowedPods> {
  const ca = Buffer.from(access.certificate_authority_data, "base64").toString();
  const dispatcher = new Agent({ connect: { ca }, bodyTimeout: 0 });
  const { body } = await request(
    `${access.server}/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dserved&watch=true`,
    { dispatcher, headers: { authorization: `Bearer ${access.token}` } },
  );
  const nodeOfReady = new Map<string, string>();
  let fewest: number | undefined;
  const note = ({ type, object: { metadata, spec, status } }: z.output<typeof podEvent>) => {
    const isReady = status.conditions?.some((each) => each.type === "Ready" && each.status === "True");
    if (type !== "DELETED" && isReady) nodeOfReady.set(metadata.name, spec.nodeName ?? "");
    else nodeOfReady.delete(metadata.name);
    // A watch begins with an event for each pod that is there.
    if (fewest === undefined && nodeOfReady.size < replicas) return;
    fewest = Math.min(fewest ?? replicas, nodeOfReady.size);
  };
  const following = (async () => {
    let rest = "";
    for await (const chunk of body) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) note(podEvent.parse(JSON.parse(line)));
    }
  })();
  // A watch that ends by itself leaves too few changes behind, which the test's own expectations tell.
  following.catch(() => undefined);
  return {
    fewest: () => fewest ?? 0,
    nodes: () => [...nodeOfReady.values()],
    stop: () => dispatcher.destroy(),
  };
}
