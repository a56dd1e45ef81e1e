/** Types of resources that hold data, which is gone with them. */
export const storeTypes = [
  "digitalocean:index/databaseCluster:DatabaseCluster",
  "digitalocean:index/databaseDb:DatabaseDb",
  "digitalocean:index/containerRegistries:ContainerRegistries",
  "digitalocean:index/containerRegistry:ContainerRegistry",
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/volume:Volume",
  "kubernetes:core/v1:PersistentVolumeClaim",
] as const;
