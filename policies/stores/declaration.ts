import type { PolicyResource } from "@pulumi/policy";

/** What a store says of itself, as far as it does: `store`, `backup`, `recovery-point`, `recovery-time`, ... */
type Declaration = Readonly<Record<string, string>>;

type Reader = (props: PolicyResource["props"], component: PolicyResource | undefined) => Declaration[];

const prefix = "whisper.platform/";

const fromTags: Reader = ({ tags = [] }) => [
  Object.fromEntries((tags as string[]).map((tag) => tag.split(":", 2))),
];

const fromLabels = ({ labels = {} }: { labels?: Record<string, string> }): Declaration =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );

/** Of what takes neither tags nor labels, its component speaks. */
const fromComponent: Reader = (_props, component) => {
  const { store, backup, recovery, retention } = component?.props.store ?? {};
  return [
    {
      store,
      backup,
      "recovery-point": recovery?.point,
      "recovery-time": recovery?.time,
      ...(retention && { "backup-retention": retention }),
    },
  ];
};

/** Where stores declare themselves, by type. A database inside a cluster is the cluster's affair. */
const readers: Readonly<Record<string, Reader>> = {
  "digitalocean:index/databaseCluster:DatabaseCluster": fromTags,
  "digitalocean:index/volume:Volume": fromTags,
  "digitalocean:index/containerRegistries:ContainerRegistries": fromComponent,
  "digitalocean:index/containerRegistry:ContainerRegistry": fromComponent,
  "digitalocean:index/spacesBucket:SpacesBucket": fromComponent,
  "kubernetes:core/v1:PersistentVolumeClaim": ({ metadata }) => [fromLabels(metadata ?? {})],
  "kubernetes:apps/v1:StatefulSet": ({ spec }) =>
    (spec?.volumeClaimTemplates ?? []).map(({ metadata }: PolicyResource["props"]) =>
      fromLabels(metadata ?? {}),
    ),
};

/** What the stores that a resource is say of themselves; nothing when it is none. */
export function declarationsOf(
  { type, props }: PolicyResource,
  component: PolicyResource | undefined,
): Declaration[] {
  return readers[type]?.(props, component) ?? [];
}
