/** The storage driver's part: claims on DigitalOcean's block storage get volumes, and give them back. */
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { type ClusterController, type ControllerContext, Reconciler } from "../api/controller.ts";
import { recordEvent } from "../api/events.ts";
import { hasFinalizer, withoutFinalizer } from "../api/finalizers.ts";
import type { Outcome } from "../api/work-queue.ts";
import {
  PROVISIONER_FINALIZER,
  persistentVolume,
  requestedStorage,
  volumeName,
  volumeRequest,
} from "./manifest.ts";
import { parseQuantity, volumeGib } from "./sizes.ts";
import { STORAGE_DRIVER } from "./storage-classes.ts";

const LOOK_WHILE_CHANGING_MS = 500;
/** Put on a claim by Kubernetes: whose it is to provide the volume. */
const PROVISIONER_ANNOTATION = "volume.kubernetes.io/storage-provisioner";
const VOLUMES = "/v2/volumes";

/** The fields of the API's volume that matter here. */
interface Volume {
  id: string;
  name: string;
  size_gigabytes: number;
}

/** See the file's comment. */
export class VolumeController implements ClusterController {
  private readonly context: ControllerContext;
  private readonly claims: Reconciler<V1PersistentVolumeClaim>;
  private readonly volumes: Reconciler<V1PersistentVolume>;

  constructor(context: ControllerContext) {
    this.context = context;
    this.claims = new Reconciler<V1PersistentVolumeClaim>({
      context,
      component: STORAGE_DRIVER,
      kind: "PersistentVolumeClaim",
      path: "/api/v1/persistentvolumeclaims",
      failureReason: "ProvisioningFailed",
      reconcile: (claim) => this.reconcileClaim(claim),
    });
    this.volumes = new Reconciler<V1PersistentVolume>({
      context,
      component: STORAGE_DRIVER,
      kind: "PersistentVolume",
      path: "/api/v1/persistentvolumes",
      failureReason: "VolumeFailedDelete",
      reconcile: (volume) => this.reconcileVolume(volume),
    });
  }

  get isIdle(): boolean {
    return this.claims.isIdle && this.volumes.isIdle;
  }

  get trouble(): string[] {
    return [...this.claims.trouble, ...this.volumes.trouble];
  }

  async close(): Promise<void> {
    await Promise.all([this.claims.close(), this.volumes.close()]);
  }

  private async reconcileClaim(claim: V1PersistentVolumeClaim): Promise<Outcome> {
    if (claim.metadata?.deletionTimestamp !== undefined) return;
    if (claim.metadata?.annotations?.[PROVISIONER_ANNOTATION] !== STORAGE_DRIVER) return;
    const bound = claim.spec?.volumeName;
    if (bound === undefined) return this.provision(claim);
    const volume = this.volumes.informer.get(bound);
    if (volume !== undefined && claim.status?.phase === "Bound") return this.expand(claim, volume);
  }

  private async provision(claim: V1PersistentVolumeClaim): Promise<Outcome> {
    const { api, cluster } = this.context;
    if (this.volumes.informer.get(volumeName(claim)) !== undefined) return; // Made; it is being bound.
    const storageClass = await api.get<V1StorageClass>(
      `/apis/storage.k8s.io/v1/storageclasses/${claim.spec?.storageClassName}`,
    );
    const request = volumeRequest(claim, cluster);
    const volume = (await this.findVolume(request.name)) ?? (await this.createVolume(request));
    await api.ensure(
      "/api/v1/persistentvolumes",
      persistentVolume(claim, storageClass, {
        id: volume.id,
        sizeGib: volume.size_gigabytes,
        region: cluster.region,
      }),
    );
    await this.tell(claim, "ProvisioningSucceeded", `Successfully provisioned volume ${request.name}`);
  }

  /** Finds one whose creation was answered but not recorded. */
  private async findVolume(name: string): Promise<Volume | undefined> {
    const { cloud, cluster } = this.context;
    const query = new URLSearchParams({ name, region: cluster.region });
    const found = await cloud.list<Volume>(`${VOLUMES}?${query}`, "volumes");
    return found.find((volume) => volume.name === name);
  }

  private async createVolume(request: object): Promise<Volume> {
    const { volume } = await this.context.cloud.post<{ volume: Volume }>(VOLUMES, request);
    return volume;
  }

  /** A claim that has grown: the volume first, then what Kubernetes knows of it. */
  private async expand(claim: V1PersistentVolumeClaim, volume: V1PersistentVolume): Promise<Outcome> {
    const handle = volume.spec?.csi?.volumeHandle;
    const requested = requestedStorage(claim);
    const capacity = volume.spec?.capacity?.storage ?? "0";
    if (handle === undefined || parseQuantity(requested) <= parseQuantity(capacity)) return;
    const { cloud, cluster, api } = this.context;
    const sizeGib = volumeGib(requested);
    const { volume: present } = await cloud.get<{ volume: Volume }>(`${VOLUMES}/${handle}`);
    if (present.size_gigabytes < sizeGib) {
      await cloud.post(`${VOLUMES}/${handle}/actions`, {
        type: "resize",
        size_gigabytes: sizeGib,
        region: cluster.region,
      });
      return { againAfterMs: LOOK_WHILE_CHANGING_MS };
    }
    const grown = { capacity: { storage: `${sizeGib}Gi` } };
    const { namespace, name } = claim.metadata ?? {};
    await api.patch(`/api/v1/persistentvolumes/${volume.metadata?.name}`, { spec: grown });
    await api.patch(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}/status`, {
      status: grown,
    });
    await this.tell(claim, "VolumeResizeSuccessful", `Resized the volume to ${sizeGib}Gi`);
  }

  private async reconcileVolume(volume: V1PersistentVolume): Promise<Outcome> {
    const { csi, persistentVolumeReclaimPolicy } = volume.spec ?? {};
    if (csi?.driver !== STORAGE_DRIVER) return;
    const isDeleted = volume.metadata?.deletionTimestamp !== undefined;
    const isInUse = volume.status?.phase === "Bound";
    if (isInUse || (!isDeleted && volume.status?.phase !== "Released")) return;
    const { api, cloud } = this.context;
    const path = `/api/v1/persistentvolumes/${volume.metadata?.name}`;
    if (persistentVolumeReclaimPolicy === "Delete") {
      await cloud.delete(`${VOLUMES}/${csi.volumeHandle}`);
      await api.delete(path);
    } else if (!isDeleted) return;
    if (hasFinalizer(volume, PROVISIONER_FINALIZER)) {
      const { finalizers } = withoutFinalizer(volume, PROVISIONER_FINALIZER);
      await api.patch(path, { metadata: { finalizers } });
    }
  }

  private tell(claim: V1PersistentVolumeClaim, reason: string, message: string): Promise<void> {
    return recordEvent(this.context.api, {
      component: STORAGE_DRIVER,
      kind: "PersistentVolumeClaim",
      object: claim,
      type: "Normal",
      reason,
      message,
    });
  }
}
