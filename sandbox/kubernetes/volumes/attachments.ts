/** The storage driver's part for pods: a volume is attached to the droplet of the node whose pods use it. */
import type { V1Node, V1PersistentVolume, V1VolumeAttachment } from "@kubernetes/client-node";
import { type ClusterController, type ControllerContext, Reconciler } from "../api/controller.ts";
import { hasFinalizer, withFinalizer, withoutFinalizer } from "../api/finalizers.ts";
import type { Outcome } from "../api/work-queue.ts";
import { dropletIdOf } from "../nodes/manifest.ts";
import { STORAGE_DRIVER } from "./storage-classes.ts";

/** Keeps an attachment until the droplet has let go of the volume. */
const FINALIZER = "external-attacher/dobs-csi-digitalocean-com";
const LOOK_WHILE_CHANGING_MS = 500;
const ATTACHMENTS = "/apis/storage.k8s.io/v1/volumeattachments";

/** The fields of the API's volume that matter here. */
interface AttachedVolume {
  name: string;
  droplet_ids: number[];
}

/** See the file's comment. */
export class AttachmentController implements ClusterController {
  private readonly context: ControllerContext;
  private readonly attachments: Reconciler<V1VolumeAttachment>;

  constructor(context: ControllerContext) {
    this.context = context;
    this.attachments = new Reconciler<V1VolumeAttachment>({
      context,
      component: STORAGE_DRIVER,
      kind: "VolumeAttachment",
      path: ATTACHMENTS,
      failureReason: "FailedAttachVolume",
      reconcile: (attachment) => this.reconcile(attachment),
    });
  }

  get isIdle(): boolean {
    return this.attachments.isIdle;
  }

  get trouble(): string[] {
    return this.attachments.trouble;
  }

  close(): Promise<void> {
    return this.attachments.close();
  }

  private async reconcile(attachment: V1VolumeAttachment): Promise<Outcome> {
    if (attachment.spec.attacher !== STORAGE_DRIVER) return;
    if (attachment.metadata?.deletionTimestamp !== undefined) return this.detach(attachment);
    if (attachment.status?.attached !== true) return this.attach(attachment);
  }

  private async attach(attachment: V1VolumeAttachment): Promise<Outcome> {
    const { api, cloud } = this.context;
    if (!hasFinalizer(attachment, FINALIZER)) {
      return this.patch(attachment, { metadata: withFinalizer(attachment, FINALIZER) });
    }
    const node = await api.get<V1Node>(`/api/v1/nodes/${attachment.spec.nodeName}`);
    const dropletId = dropletIdOf(node);
    const volumePath = await this.volumePath(attachment);
    if (dropletId === undefined || volumePath === undefined) return;
    const { volume } = await cloud.get<{ volume: AttachedVolume }>(volumePath);
    const [holder] = volume.droplet_ids;
    if (holder === undefined) {
      await this.act(volumePath, "attach", dropletId);
      return { againAfterMs: LOOK_WHILE_CHANGING_MS };
    }
    if (holder !== dropletId) {
      throw new Error(
        `volume "${volume.name}" is attached to the wrong droplet (${holder}), detach the volume to fix it`,
      );
    }
    const attachmentMetadata = { [`${STORAGE_DRIVER}/volume-name`]: volume.name };
    await this.patch(attachment, { status: { attached: true, attachmentMetadata } }, "/status");
  }

  private async detach(attachment: V1VolumeAttachment): Promise<Outcome> {
    if (!hasFinalizer(attachment, FINALIZER)) return;
    const volumePath = await this.volumePath(attachment);
    const answer = volumePath && (await this.context.cloud.find<{ volume: AttachedVolume }>(volumePath));
    // A droplet that was destroyed has let go already; so has one that holds what is gone.
    const [holder] = answer ? answer.volume.droplet_ids : [];
    if (volumePath && holder !== undefined) {
      await this.act(volumePath, "detach", holder);
      return { againAfterMs: LOOK_WHILE_CHANGING_MS };
    }
    await this.patch(attachment, { metadata: withoutFinalizer(attachment, FINALIZER) });
  }

  /** @returns undefined when the persistent volume is gone */
  private async volumePath(attachment: V1VolumeAttachment): Promise<string | undefined> {
    const name = attachment.spec.source.persistentVolumeName;
    const volume = await this.context.api.find<V1PersistentVolume>(`/api/v1/persistentvolumes/${name}`);
    const handle = volume?.spec?.csi?.volumeHandle;
    return handle === undefined ? undefined : `/v2/volumes/${handle}`;
  }

  private act(volumePath: string, type: "attach" | "detach", dropletId: number): Promise<unknown> {
    return this.context.cloud.post(`${volumePath}/actions`, {
      type,
      droplet_id: dropletId,
      region: this.context.cluster.region,
    });
  }

  private async patch(attachment: V1VolumeAttachment, patch: object, subresource = ""): Promise<undefined> {
    await this.context.api.patch(`${ATTACHMENTS}/${attachment.metadata?.name}${subresource}`, patch);
    return undefined;
  }
}
