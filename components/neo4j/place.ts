import type { ClaimSettings } from "../workload/claims.ts";
import type { Place as WorkloadPlace } from "../workload/place.ts";
import type { Neo4jArgs } from "./arguments.ts";

/** What everything a Neo4j consists of has in common. */
export interface Place extends WorkloadPlace {
  /** What each server keeps its data on. */
  readonly volume: Pick<ClaimSettings, "spec" | "storeLabels">;
  /** The Service by which each pod has a name of its own. */
  readonly membersService: string;
}

/** Host of a pod, in the whole cluster. */
export const memberHost = ({ membersService, metadata }: Place, pod: string): string =>
  `${pod}.${membersService}.${metadata.namespace}.svc.cluster.local`;

/** What a server's claim asks for. The volume stays when the claim goes: only who deletes it in the cloud loses it. */
export const claimSpec = ({ diskGib }: Pick<Neo4jArgs, "diskGib">) => ({
  accessModes: ["ReadWriteOnce"],
  storageClassName: "do-block-storage-retain",
  resources: { requests: { storage: `${diskGib}Gi` } },
});
