/** Minutes, hours or days, such as `5m`. */
export type Duration = `${number}${"m" | "h" | "d"}`;

export const durationPattern = /^\d+[mhd]$/;

/** What those who need a store can bear when it is lost. */
export interface RecoveryNeed {
  /** How much may be lost at worst: what was written in this time (`5m`), or `everything`, as of what can be made again. */
  readonly point: Duration | "everything";
  /** How long they can do without it until it is back, with what was saved. */
  readonly time: Duration;
}

/**
 * What a store says of itself on its own resources, where rules and backups can read it before anything has an id: as
 * tags on DigitalOcean, as labels on Kubernetes, and as the input `store` of its component where the resource takes
 * neither, as buckets and registries do.
 */
export interface StoreDeclaration {
  /** What kind of store it is. */
  readonly store: "postgres" | "valkey" | "neo4j" | "objects" | "images" | "volume";
  /**
   * Who keeps copies of it where it is: DigitalOcean each day, the store itself by older versions of each object, which undo a
   * mistake and go when the store does, or nobody. Copies elsewhere are for a {@link BackupDeclaration} to say.
   */
  readonly backup: "managed-daily" | "versions" | "none";
  /** What those who need it can bear. Less than the loss of everything takes a backup that reaches it. */
  readonly recovery: RecoveryNeed;
  /** How far back one can go; absent when there is no backup. */
  readonly retention?: Duration;
}

/** Where a backup puts a copy. */
export interface BackupTarget {
  /** URN of the bucket, or of the component that it is part of. */
  readonly bucket: string;
  /**
   * Who holds the key that writes there, by a name of its own. Whoever may write to Spaces may delete, older versions too: one
   * copy at least is written by somebody who cannot reach the others.
   */
  readonly writer: string;
}

/**
 * What a backup says of itself: as the input `backup` of its component, or as JSON in the annotation `whisper.platform/backs-up`
 * of the object on Kubernetes that runs it. URNs, unlike ids, are known before anything is made.
 */
export interface BackupDeclaration {
  /** URNs of the stores that it copies, or of the components that they are part of; `pulumi:state` is Pulumi's own. */
  readonly reaches: readonly string[];
  /** The longest time between two runs. @example "1h" */
  readonly every: Duration;
  /** How long a copy is kept, at least. */
  readonly retentionDays: number;
  /** Who encrypts: the runner, before anything leaves it and with a key that no target has, or nobody. */
  readonly encryptedBy: "runner" | "nobody";
  /** Where its copies are. */
  readonly targets: readonly BackupTarget[];
  /**
   * The longest time between two restores that are carried out and compared.
   * @default never
   */
  readonly restoreTestEvery?: Duration;
}

/** Where a backup that is an object of Kubernetes declares itself. */
export const backupAnnotation = "whisper.platform/backs-up";

/** What a backup of Pulumi's state says that it reaches. */
export const pulumiState = "pulumi:state";

/** What every backup has to keep to, whatever it copies. */
export const backupFloor = {
  /** Days that a copy is kept: what is noticed at a month's end was lost at its beginning. */
  retentionDays: 30,
  /** Days between two restores: a backup that nobody has restored is a hope. */
  restoreTestDays: 31,
  /** Minutes between two runs, where the store's provider keeps every change of the last days by itself. */
  besideProviderMinutes: 24 * 60,
} as const;
