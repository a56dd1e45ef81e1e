import type { RuleDetails } from "../rule.ts";

/**
 * What a change may not do. A rule of the pack is shown what is wanted, and neither what was there before nor what becomes of
 * it: `platform gate` judges these by the steps of the preview. Levels and exemptions are set as for every other rule.
 */
export const changeRules = {
  exceededBudget: {
    name: "refuse-exceeded-budget",
    description:
      "A change costs no more than its environment may, autoscaling at its largest. What makes nothing dearer passes with advice: a budget that was lowered must keep nobody from mending.",
    remedy:
      "make it smaller, `npx platform cost <environment>` says what costs how much; or raise `whisper-platform:monthlyBudgetUsd` in its configuration",
    severity: "medium",
    references: [],
  },
  lateRestores: {
    name: "refuse-late-restores",
    description:
      "A managed database begins with a backup or without one: told so later, nothing is restored, and its database and users are let go or made twice.",
    remedy:
      "leave `restoreFrom` as it was; for a restore, give it to a component of another name, and lead the clients there",
    severity: "critical",
    references: [
      { framework: "SOC 2", id: "A1.2" },
      { framework: "ISO 27001", id: "A.8.32" },
    ],
  },
  lostStores: {
    name: "refuse-lost-stores",
    description:
      "A change takes no store of production away: what it holds is gone with it. Protected ones the engine itself refuses to delete; this is for those that nothing protects any more.",
    remedy:
      "take what deletes or replaces it out of the change; where it is meant, save what it holds, and name it in an exemption from refuse-lost-stores, to be taken out after the `up`",
    severity: "critical",
    references: [
      { framework: "SOC 2", id: "A1.2" },
      { framework: "ISO 27001", id: "A.8.13" },
      { framework: "ISO 27001", id: "A.8.32" },
    ],
  },
  shrinkingStores: {
    name: "refuse-shrinking-stores",
    description:
      "Stores only grow: the service refuses less of a disk, a size or a version when half of the change is made.",
    remedy: "leave it as it is; for less, make a store of its own beside this one, and move the data there",
    severity: "high",
    references: [{ framework: "ISO 27001", id: "A.8.32" }],
  },
  storeUpgrades: {
    name: "name-store-upgrades",
    description:
      "A managed database is upgraded in place as soon as it is asked: its clients are cut off meanwhile, and there is no way back.",
    remedy: "see what to look at before: docs/postgres-upgrade.md",
    severity: "medium",
    level: "advisory",
    references: [{ framework: "ISO 27001", id: "A.8.32" }],
  },
} as const satisfies Record<string, RuleDetails>;

/** Whether a rule is one that the gate alone judges. */
export const isChangeRule = (name: string): boolean =>
  Object.values(changeRules).some((rule) => rule.name === name);
