import { changeRules } from "../../policies/changes/change-rules.ts";
import { isBeingDecommissioned, isProduction } from "../../policies/environment.ts";
import { changeFinding } from "./change-findings.ts";
import type { EndangeredStore, Finding } from "./verdict.ts";

/** Refuses that production loses a store, unless it is being taken down. */
export function lostStores(stores: readonly EndangeredStore[]): Finding[] {
  if (!isProduction() || isBeingDecommissioned()) return [];
  return stores.flatMap((store) =>
    changeFinding(
      changeRules.lostStores,
      store,
      `This store would be ${store.operation}d, and nothing protects it: what it holds would be gone.`,
    ),
  );
}
