import { changeRules } from "../../policies/changes/change-rules.ts";
import type { PlannedStep } from "../engine/plan.ts";
import { changeFinding } from "./change-findings.ts";
import type { Finding } from "./verdict.ts";

const clusterType = "digitalocean:index/databaseCluster:DatabaseCluster";

/**
 * Finds managed databases that would be told of a backup to begin with, of another or of none any more, although they are
 * there already: nothing is restored then, and the state lets go of the database and its users, or has them made twice.
 */
export function lateRestores(steps: readonly PlannedStep[]): Finding[] {
  return steps
    .filter(({ type, operation }) => type === clusterType && operation === "update")
    .filter(({ changes }) => changes.some(({ path }) => /^backupRestore\b/.test(path)))
    .flatMap(({ urn, name, changes }) =>
      changeFinding(changeRules.lateRestores, { urn, name }, problemOf(changes), remedyOf(changes)),
    );
}

type Changes = PlannedStep["changes"];

/** Whether it comes, goes or becomes another: of the whole, or of the one part that it is never without. */
const kindOf = (changes: Changes) =>
  changes.find(({ path }) => path === "backupRestore" || path === "backupRestore.databaseName")?.kind ??
  "update";

function problemOf(changes: Changes): string {
  switch (kindOf(changes)) {
    case "add":
      return "restoreFrom is given to a cluster that is there already: nothing would be restored, and the state would let go of its database and users.";
    case "delete":
      return "restoreFrom is taken from a cluster that began with a backup: its database and users would be made a second time, which DigitalOcean refuses when half of the change is made.";
    case "update":
      return "restoreFrom of a cluster that is there already names another backup: nothing would be restored.";
  }
}

function remedyOf(changes: Changes): string {
  return kindOf(changes) === "add"
    ? "take restoreFrom out; for a restore, give it to a component of another name, and lead the clients there."
    : "leave restoreFrom as it was; for another restore, give it to a component of another name, and lead the clients there.";
}
