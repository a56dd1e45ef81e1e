/** The cloud controller's part for Services: each of type LoadBalancer has a load balancer in DigitalOcean's API. */
import { isDeepStrictEqual } from "node:util";
import type { V1Node, V1Service } from "@kubernetes/client-node";
import { type ClusterController, type ControllerContext, Reconciler } from "../api/controller.ts";
import { recordEvent } from "../api/events.ts";
import { withFinalizer, withoutFinalizer } from "../api/finalizers.ts";
import { Informer } from "../api/informer.ts";
import type { Outcome } from "../api/work-queue.ts";
import { dropletIdOf } from "../nodes/manifest.ts";
import { DISOWN_ANNOTATION, LOAD_BALANCER_ID_ANNOTATION, TYPE_ANNOTATION } from "./annotations.ts";
import {
  certificateReference,
  type LoadBalancerRequest,
  loadBalancerName,
  loadBalancerRequest,
} from "./request.ts";

/** Keeps a Service until its load balancer is gone. */
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
/** Nodes that bear it are no targets, whatever its value. */
const EXCLUDED_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";
const COMPONENT = "service-controller";
const LOOK_WHILE_NEW_MS = 500;
const BALANCERS = "/v2/load_balancers";

/** The fields of the API's load balancer that matter here. */
interface LoadBalancer {
  id: string;
  name: string;
  status: "new" | "active" | "errored";
  type: string;
  ip: string;
  ipv6?: string;
}

/** See the file's comment. */
export class LoadBalancerController implements ClusterController {
  private readonly context: ControllerContext;
  private readonly services: Reconciler<V1Service>;
  private readonly nodes: Informer<V1Node>;
  /** What each load balancer was last asked to be: the API is not called again for the same. */
  private readonly asked = new Map<string, LoadBalancerRequest>();
  private lastDropletIds: number[] = [];

  constructor(context: ControllerContext) {
    this.context = context;
    this.nodes = new Informer<V1Node>(context.api, "/api/v1/nodes", () => this.onNodesChanged());
    this.services = new Reconciler<V1Service>({
      context,
      component: COMPONENT,
      kind: "Service",
      path: "/api/v1/services",
      failureReason: "SyncLoadBalancerFailed",
      reconcile: (service) => this.reconcile(service),
    });
  }

  get isIdle(): boolean {
    return this.services.isIdle;
  }

  get trouble(): string[] {
    return this.services.trouble;
  }

  async close(): Promise<void> {
    await Promise.all([this.services.close(), this.nodes.close()]);
  }

  private async reconcile(service: V1Service): Promise<Outcome> {
    const isDeleted = service.metadata?.deletionTimestamp !== undefined;
    if (service.metadata?.annotations?.[DISOWN_ANNOTATION] === "true") {
      return isDeleted ? this.release(service) : undefined;
    }
    if (service.spec?.type === "LoadBalancer" && !isDeleted) return this.ensure(service);
    if (service.metadata?.finalizers?.includes(FINALIZER)) return this.remove(service);
  }

  private async ensure(service: V1Service): Promise<Outcome> {
    if (!this.nodes.hasSynced) return { againAfterMs: LOOK_WHILE_NEW_MS };
    if (!service.metadata?.finalizers?.includes(FINALIZER)) {
      await this.event(service, "EnsuringLoadBalancer", "Ensuring load balancer");
      await this.patch(service, { metadata: withFinalizer(service, FINALIZER) });
    }
    const request = await this.request(service);
    const existing = await this.find(service);
    const balancer =
      existing === undefined ? await this.create(request) : await this.update(existing, request);
    await this.annotate(service, balancer);
    if (balancer.status === "new") return { againAfterMs: LOOK_WHILE_NEW_MS };
    if (balancer.status !== "active") {
      throw new Error(`load balancer ${balancer.id} has the status ${balancer.status}`);
    }
    await this.publish(service, balancer);
  }

  private async request(service: V1Service): Promise<LoadBalancerRequest> {
    const certificateId = await this.certificateId(service);
    return loadBalancerRequest(service, {
      cluster: this.context.cluster,
      dropletIds: this.dropletIds(),
      ...(certificateId === undefined ? {} : { certificateId }),
    });
  }

  private async certificateId(service: V1Service): Promise<string | undefined> {
    const { id, name } = certificateReference(service);
    if (name === undefined) return id;
    const path = `/v2/certificates?name=${encodeURIComponent(name)}`;
    const found = await this.context.cloud.list<{ id: string; name: string }>(path, "certificates");
    const certificate = found.find((candidate) => candidate.name === name);
    if (certificate === undefined) throw new Error(`certificate with name "${name}" not found`);
    return certificate.id;
  }

  /** By the id that the Service bears; else by name, which finds one whose creation was not recorded. */
  private async find(service: V1Service): Promise<LoadBalancer | undefined> {
    const { cloud } = this.context;
    const id = service.metadata?.annotations?.[LOAD_BALANCER_ID_ANNOTATION];
    if (id !== undefined) {
      const answer = await cloud.find<{ load_balancer: LoadBalancer }>(`${BALANCERS}/${id}`);
      return answer?.load_balancer;
    }
    const all = await cloud.list<LoadBalancer>(BALANCERS, "load_balancers");
    const name = loadBalancerName(service);
    return all.find((balancer) => balancer.name === name);
  }

  private async create(request: LoadBalancerRequest): Promise<LoadBalancer> {
    const { load_balancer } = await this.context.cloud.post<{ load_balancer: LoadBalancer }>(
      BALANCERS,
      request,
    );
    this.asked.set(load_balancer.id, request);
    return load_balancer;
  }

  private async update(existing: LoadBalancer, request: LoadBalancerRequest): Promise<LoadBalancer> {
    if (isDeepStrictEqual(this.asked.get(existing.id), request)) return existing;
    const { load_balancer } = await this.context.cloud.put<{ load_balancer: LoadBalancer }>(
      `${BALANCERS}/${existing.id}`,
      request,
    );
    this.asked.set(existing.id, request);
    return load_balancer;
  }

  private async annotate(service: V1Service, balancer: LoadBalancer): Promise<void> {
    const annotations = service.metadata?.annotations ?? {};
    const wanted = { [LOAD_BALANCER_ID_ANNOTATION]: balancer.id, [TYPE_ANNOTATION]: balancer.type };
    if (Object.entries(wanted).every(([key, value]) => annotations[key] === value)) return;
    await this.patch(service, { metadata: { annotations: wanted } });
  }

  private async publish(service: V1Service, balancer: LoadBalancer): Promise<void> {
    const hostname = service.metadata?.annotations?.["service.beta.kubernetes.io/do-loadbalancer-hostname"];
    const addresses = [balancer.ip, balancer.ipv6 ?? ""].filter((address) => address !== "");
    // VIP is what the API server would default to.
    const ingress = hostname ? [{ hostname }] : addresses.map((ip) => ({ ip, ipMode: "VIP" }));
    if (isDeepStrictEqual(service.status?.loadBalancer?.ingress, ingress)) return;
    await this.patch(service, { status: { loadBalancer: { ingress } } }, "/status");
    await this.event(service, "EnsuredLoadBalancer", "Ensured load balancer");
  }

  private async remove(service: V1Service): Promise<Outcome> {
    const balancer = await this.find(service);
    if (balancer !== undefined) {
      await this.event(service, "DeletingLoadBalancer", "Deleting load balancer");
      await this.context.cloud.delete(`${BALANCERS}/${balancer.id}`);
      this.asked.delete(balancer.id);
    }
    return this.release(service);
  }

  /** Lets go of a Service: nothing here stands behind it any more. */
  private async release(service: V1Service): Promise<Outcome> {
    if (!service.metadata?.finalizers?.includes(FINALIZER)) return;
    if (service.metadata.deletionTimestamp === undefined) {
      await this.patch(service, { status: { loadBalancer: null } }, "/status");
    }
    await this.patch(service, {
      metadata: {
        ...withoutFinalizer(service, FINALIZER),
        annotations: { [LOAD_BALANCER_ID_ANNOTATION]: null },
      },
    });
  }

  private dropletIds(): number[] {
    return this.nodes
      .list()
      .filter((node) => node.metadata?.labels?.[EXCLUDED_LABEL] === undefined)
      .flatMap((node) => dropletIdOf(node) ?? [])
      .sort((one, other) => one - other);
  }

  private onNodesChanged(): void {
    const dropletIds = this.dropletIds();
    if (isDeepStrictEqual(dropletIds, this.lastDropletIds)) return;
    this.lastDropletIds = dropletIds;
    this.services.lookAtAll();
  }

  private async patch(service: V1Service, patch: object, subresource = ""): Promise<void> {
    const { namespace, name } = service.metadata ?? {};
    await this.context.api.patch(`/api/v1/namespaces/${namespace}/services/${name}${subresource}`, patch);
  }

  private event(service: V1Service, reason: string, message: string): Promise<void> {
    return recordEvent(this.context.api, {
      component: COMPONENT,
      kind: "Service",
      object: service,
      type: "Normal",
      reason,
      message,
    });
  }
}
