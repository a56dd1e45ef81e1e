import { listAt, nameOf, namespaceOf, type PlainMap, textAt, valueAt } from "../objects/object.ts";
import type { ObjectKind } from "../objects/type-token.ts";
import { type Judge, type Scene, waitingFor } from "./readiness.ts";

const ENDPOINT_SLICE: ObjectKind = { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" };

/**
 * A Service is ready when no pod behind it is still starting and, for a load balancer, when it has an address. One that no
 * pod stands behind is ready too: its pods may come later.
 */
export const judgeService: Judge = async (service, scene) => {
  const type = textAt(service, "spec", "type") || "ClusterIP";
  const addressed =
    type !== "LoadBalancer" || listAt(service, "status", "loadBalancer", "ingress").length > 0;
  const missing = addressed ? [] : [`Service ${nameOf(service)} has no address of a load balancer yet`];
  return waitingFor([
    ...missing,
    ...(directsTraffic(service, type) ? await startingEndpoints(service, scene) : []),
  ]);
};

/** An Ingress is ready when its controller has given it an address. */
export const judgeIngress: Judge = (ingress) =>
  waitingFor(
    listAt(ingress, "status", "loadBalancer", "ingress").length > 0
      ? []
      : [`Ingress ${nameOf(ingress)} has no address yet: does an ingress controller serve its class?`],
  );

function directsTraffic(service: PlainMap, type: string): boolean {
  const selects =
    Object.keys((valueAt(service, "spec", "selector") as PlainMap | undefined) ?? {}).length > 0;
  return type !== "ExternalName" && textAt(service, "spec", "clusterIP") !== "None" && selects;
}

async function startingEndpoints(service: PlainMap, scene: Scene): Promise<string[]> {
  const labelSelector = `kubernetes.io/service-name=${nameOf(service)}`;
  const slices = await scene.cluster.list(
    ENDPOINT_SLICE,
    namespaceOf(service),
    { labelSelector },
    scene.signal,
  );
  return slices
    .flatMap((slice) => listAt(slice, "endpoints"))
    .filter((endpoint) => valueAt(endpoint, "conditions", "ready") === false)
    .filter((endpoint) => valueAt(endpoint, "conditions", "terminating") !== true)
    .map(
      (endpoint) =>
        `Pod ${textAt(endpoint, "targetRef", "name") || "?"} behind Service ${nameOf(service)} is not ready`,
    );
}
