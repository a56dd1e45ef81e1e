import { ObjectStorage } from "../../components/object-storage/object-storage.ts";
import type { Context } from "./context.ts";

/** The buckets, each with a key for each consumer. */
export interface Buckets {
  /** What users upload, and what becomes of it. */
  readonly media: ObjectStorage<"application" | "gpu-worker" | "health-monitor">;
  /** The front end's static files, behind the CDN. */
  readonly assets: ObjectStorage<"delivery">;
  readonly backups: ObjectStorage<"backup">;
  /** The second copy of the backups, in another region. */
  readonly offsite: ObjectStorage<"backup">;
  /** What the store of logs has no room for on its disk, or keeps in case of its loss. */
  readonly logs: ObjectStorage<"store">;
}

/** Makes the buckets. */
export function composeBuckets({ deployment, protect, named }: Context): Buckets {
  const { region, domain, backupRegion, bucketSuffix } = deployment;
  const bucket = { region, nameSuffix: bucketSuffix, protect, forceDestroy: !protect };
  const media = new ObjectStorage(named("media"), {
    ...bucket,
    // The last writes a kibibyte, reads it back, and removes it.
    consumers: { application: "readwrite", "gpu-worker": "readwrite", "health-monitor": "readwrite" },
    corsOrigins: [`https://${domain}`],
  });
  const assets = new ObjectStorage(named("assets"), {
    ...bucket,
    consumers: { delivery: "readwrite" },
    // The next release brings them again.
    recovery: { point: "everything", time: "1h" },
  });
  // What is in either is in the other too.
  const copies = { recovery: { point: "everything", time: "4h" } } as const;
  const backups = new ObjectStorage(named("backups"), {
    ...bucket,
    ...copies,
    consumers: { backup: "readwrite" },
  });
  // Spaces copies nothing by itself: whoever writes a backup writes it here too.
  const offsite = new ObjectStorage(named("offsite"), {
    ...bucket,
    ...copies,
    region: backupRegion,
    consumers: { backup: "readwrite" },
  });
  const logs = new ObjectStorage(named("logs"), {
    ...bucket,
    consumers: { store: "readwrite" },
    // The store deletes what is too old: a rule of the bucket's would take what its index still names.
    supersededDays: 1,
    // Nobody waits for them: the days that are lost are lost.
    recovery: { point: "everything", time: "1d" },
  });
  return { media, assets, backups, offsite, logs };
}
