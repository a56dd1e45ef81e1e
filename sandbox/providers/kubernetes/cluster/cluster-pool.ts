import type { ClusterAccess } from "./access.ts";
import { Cluster } from "./cluster.ts";

/** A cluster to use until it is released. */
export interface ClusterLease {
  readonly cluster: Cluster;
  /** Call it once. */
  readonly release: () => Promise<void>;
}

/** Clusters in use, each once: several engines and several providers share its connections and what is known of its kinds. */
export class ClusterPool {
  readonly #inUse = new Map<string, { cluster: Cluster; leases: number }>();

  /** The cluster of the access, shared with whoever uses the same server with the same credentials. */
  lease(access: ClusterAccess): ClusterLease {
    const entry = this.#inUse.get(access.fingerprint) ?? { cluster: new Cluster(access), leases: 0 };
    entry.leases += 1;
    this.#inUse.set(access.fingerprint, entry);
    return {
      cluster: entry.cluster,
      release: async () => {
        entry.leases -= 1;
        if (entry.leases > 0) return;
        this.#inUse.delete(access.fingerprint);
        await entry.cluster.close();
      },
    };
  }
}
