/** What a kubelet mounts into a container: the files of its Secrets and ConfigMaps, and its block storage. */
import type {
  V1ConfigMap,
  V1Container,
  V1KeyToPath,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
} from "@kubernetes/client-node";
import type { KubeApi } from "../api/kube-api.ts";
import { STORAGE_DRIVER } from "../volumes/storage-classes.ts";

/** The files of a container's Secrets and ConfigMaps as they are now, by their paths in it. */
export async function mountedFiles(
  api: KubeApi,
  pod: V1Pod,
  container: V1Container,
): Promise<Map<string, string>> {
  const collection = `/api/v1/namespaces/${pod.metadata?.namespace}`;
  const files = new Map<string, string>();
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const volume = pod.spec?.volumes?.find((each) => each.name === name);
    const put = (content: Readonly<Record<string, string>>, items: readonly V1KeyToPath[] | undefined) => {
      const wanted = items ?? Object.keys(content).map((key) => ({ key, path: key }));
      for (const { key, path } of wanted) files.set(`${mountPath}/${path}`, content[key] ?? "");
    };
    if (volume?.secret !== undefined) {
      const { data = {} } = await api.get<V1Secret>(`${collection}/secrets/${volume.secret.secretName}`);
      put(
        Object.fromEntries(
          Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
        ),
        volume.secret.items,
      );
    } else if (volume?.configMap !== undefined) {
      const { data = {} } = await api.get<V1ConfigMap>(`${collection}/configmaps/${volume.configMap.name}`);
      put(data, volume.configMap.items);
    }
  }
  return files;
}

/**
 * The block storage volume that a container has at a path, by its id in the cloud.
 * @throws when there is another kind of volume, or none
 */
export async function blockStorageAt(
  api: KubeApi,
  pod: V1Pod,
  container: V1Container,
  mountPath: string,
): Promise<string> {
  const mount = container.volumeMounts?.find((each) => each.mountPath === mountPath);
  const volume = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
  const claimName = volume?.persistentVolumeClaim?.claimName;
  if (claimName !== undefined) {
    const claim = await api.get<V1PersistentVolumeClaim>(
      `/api/v1/namespaces/${pod.metadata?.namespace}/persistentvolumeclaims/${claimName}`,
    );
    const name = claim.spec?.volumeName;
    const persistent = name && (await api.get<V1PersistentVolume>(`/api/v1/persistentvolumes/${name}`));
    if (persistent && persistent.spec?.csi?.driver === STORAGE_DRIVER)
      return persistent.spec.csi.volumeHandle;
  }
  throw new Error(`it has no block storage at ${mountPath}, and a server here keeps its data there`);
}
