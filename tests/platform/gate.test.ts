import type { PolicyEvent } from "@pulumi/pulumi/automation/index.js";
import { beforeEach, describe, expect, it } from "vitest";
import type { PlannedStep } from "../../platform/engine/plan.ts";
import { judge } from "../../platform/gate/verdict.ts";
import { judgedStack } from "../policies/harness.ts";

const urn = "urn:pulumi:staging::whisper-platform::a:b:C$digitalocean:index/vpc:Vpc::network";

const event = (message: string, enforcementLevel: PolicyEvent["enforcementLevel"]): PolicyEvent => ({
  resourceUrn: urn,
  message,
  color: "never",
  policyName: "require-something",
  policyPackName: "pack",
  policyPackVersion: "1",
  policyPackVersionTag: "1",
  enforcementLevel,
});

const step = (operation: PlannedStep["operation"], isProtected: boolean): PlannedStep => ({
  operation,
  urn,
  type: "digitalocean:index/vpc:Vpc",
  name: "network",
  protected: isProtected,
  changes: [],
});

const nothing = { policyEvents: [], steps: [], refusedByEngine: [], complete: true };

beforeEach(() => judgedStack("staging"));

describe("the gate", () => {
  it("lets pass what nobody objects to, and what is only advised against", () => {
    expect(judge(nothing)).toEqual({ allowed: true, findings: [], endangered: [], lost: [] });
    const advised = judge({ ...nothing, policyEvents: [event("better not", "warning")] });
    expect(advised.allowed).toBe(true);
    expect(advised.findings).toMatchObject([{ level: "advisory", name: "network" }]);
  });

  it("refuses a violation, once however often it is told", () => {
    const violation = event("<{%fg 1%}>open to all<{%reset%}>\nRemedy: close it", "mandatory");
    const verdict = judge({ ...nothing, policyEvents: [violation, violation] });
    expect(verdict.allowed).toBe(false);
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]?.message).toBe("open to all\nRemedy: close it");
  });

  it("refuses what a policy could not judge, although the engine calls that advice", () => {
    const undecided =
      "can't run policy 'p' from policy pack 'k@v1' during preview: string value at .name can't be known";
    const verdict = judge({ ...nothing, policyEvents: [event(undecided, "warning")] });
    expect(verdict.allowed).toBe(false);
    expect(verdict.findings[0]?.undecided).toContain("string value at .name");
  });

  it("refuses what makes an environment dearer than it may be, at its largest, and advises against what is", () => {
    const span = (minimum: number, maximum = minimum) => ({ minimum, maximum });
    const verdict = (before: number, after: ReturnType<typeof span>, budgetUsd?: number) =>
      judge({
        ...nothing,
        cost: { before: span(before), after },
        ...(budgetUsd !== undefined && { budgetUsd }),
      });
    expect(verdict(0, span(500, 900), 900)).toMatchObject({ allowed: true, findings: [] });
    expect(verdict(0, span(500, 900.01), 900)).toMatchObject({
      allowed: false,
      findings: [
        { policy: "refuse-exceeded-budget", message: expect.stringContaining("500.00 to 900.01 $") },
      ],
    });
    expect(verdict(1_000, span(950), 900)).toMatchObject({
      allowed: true,
      findings: [{ level: "advisory" }],
    });
    expect(verdict(0, span(1e6))).toMatchObject({ allowed: true, findings: [] });
  });

  it("refuses to delete or replace what is protected, and names it", () => {
    for (const operation of ["delete", "replace"] as const) {
      const verdict = judge({ ...nothing, steps: [step(operation, true)] });
      expect(verdict).toMatchObject({ allowed: false, endangered: [{ name: "network", operation }] });
      expect(judge({ ...nothing, steps: [step(operation, false)] }).allowed).toBe(true);
    }
    expect(judge({ ...nothing, steps: [step("update", true)] }).allowed).toBe(true);
  });

  it("names a store that goes although nothing protects it, and lets it pass", () => {
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const claim = (isProtected: boolean) => ({ ...step("replace", isProtected), type });
    expect(judge({ ...nothing, steps: [claim(false)] })).toMatchObject({
      allowed: true,
      endangered: [],
      lost: [{ name: "network", type, operation: "replace" }],
    });
    expect(judge({ ...nothing, steps: [claim(true)] })).toMatchObject({ allowed: false, lost: [] });
    expect(judge({ ...nothing, steps: [claim(false)], refusedByEngine: [urn] }).lost).toEqual([]);
    expect(judge({ ...nothing, steps: [step("replace", false)] }).lost).toEqual([]);
  });

  describe("refuses that a store becomes less, which the service would refuse halfway", () => {
    const type = "digitalocean:index/databaseCluster:DatabaseCluster";
    const changed = (path: string, before: unknown, after: unknown): PlannedStep => ({
      ...step("update", false),
      type,
      changes: [{ path, kind: "update", replaces: false, before, after }],
    });

    it.each([
      ["version", "18", "17"],
      ["size", "db-s-1vcpu-2gb", "db-s-1vcpu-1gb"],
      ["storageSizeMib", "61440", "30720"],
    ])("%s from %s to %s", (path, before, after) => {
      const down = judge({ ...nothing, steps: [changed(path, before, after)] });
      expect(down).toMatchObject({
        allowed: false,
        findings: [{ policy: "refuse-shrinking-stores", level: "mandatory", urn, name: "network" }],
      });
      expect(down.findings[0]?.message).toContain(`${path} would fall from ${before} to ${after}`);
      const up = judge({ ...nothing, steps: [changed(path, after, before)] });
      expect(up.allowed).toBe(true);
      expect(up.findings.filter(({ level }) => level === "mandatory")).toEqual([]);
    });

    it("and nothing that is not known, is the disk that comes with the size, or is no store's", () => {
      const steps = [
        changed("version", "18", "[unknown]"),
        changed("storageSizeMib", "61440", undefined),
        changed("nodeCount", 2, 1),
        { ...changed("size", "db-s-1vcpu-2gb", "db-s-1vcpu-1gb"), type: "digitalocean:index/vpc:Vpc" },
      ];
      expect(judge({ ...nothing, steps })).toMatchObject({ allowed: true, findings: [] });
    });
  });

  describe("refuses what a cluster that is there already would begin with", () => {
    const restore = (changes: Partial<PlannedStep["changes"][number]>[]): PlannedStep => ({
      ...step("update", false),
      type: "digitalocean:index/databaseCluster:DatabaseCluster",
      changes: changes.map((change) => ({
        path: "backupRestore",
        kind: "update" as const,
        replaces: false,
        ...change,
      })),
    });

    it.each<[string, Parameters<typeof restore>[0], RegExp]>([
      ["a backup", [{ kind: "add" }], /is given to a cluster.*\nRemedy: take restoreFrom out/],
      [
        "a backup, told by its parts",
        [
          { kind: "add", path: "backupRestore.backupCreatedAt" },
          { kind: "add", path: "backupRestore.databaseName" },
        ],
        /is given to a cluster/,
      ],
      ["none any more", [{ kind: "delete" }], /is taken from a cluster.*\nRemedy: leave restoreFrom/],
      ["another", [{ path: "backupRestore.databaseName" }], /another backup.*\nRemedy: leave restoreFrom/],
      ["another moment", [{ kind: "add", path: "backupRestore.backupCreatedAt" }], /another backup/],
    ])("%s", (_what, changes, message) => {
      expect(judge({ ...nothing, steps: [restore(changes)] })).toMatchObject({
        allowed: false,
        findings: [
          {
            policy: "refuse-late-restores",
            level: "mandatory",
            urn,
            message: expect.stringMatching(message),
          },
        ],
      });
    });

    it("and lets pass a cluster that is made with one, and every other change", () => {
      const made = { ...restore([{ kind: "add" }]), operation: "create" as const };
      expect(judge({ ...nothing, steps: [made, restore([{ path: "nodeCount" }])] })).toMatchObject({
        allowed: true,
        findings: [],
      });
    });
  });

  it("knows what the engine itself refused", () => {
    expect(judge({ ...nothing, refusedByEngine: [urn] }).endangered).toEqual([
      { urn, name: "network", type: "digitalocean:index/vpc:Vpc", operation: "delete" },
    ]);
  });

  it("names the upgrade of a database, and lets it pass", () => {
    const database = (before: string, after: string): PlannedStep => ({
      ...step("update", true),
      type: "digitalocean:index/databaseCluster:DatabaseCluster",
      changes: [{ path: "version", kind: "update", replaces: false, before, after }],
    });
    const risen = judge({ ...nothing, steps: [database("9", "18")] });
    expect(risen).toMatchObject({ allowed: true, findings: [{ level: "advisory", name: "network" }] });
    expect(risen.findings[0]?.message).toMatch(/from version 9 to 18.*no way back/);
    for (const after of ["[unknown]", "[secret]"])
      expect(judge({ ...nothing, steps: [database("18", after)] }).findings).toEqual([]);
  });

  describe("in production", () => {
    const type = "digitalocean:index/databaseCluster:DatabaseCluster";
    const going: PlannedStep = {
      ...step("delete", false),
      type,
      urn: `urn:pulumi:production::p::${type}::queue`,
    };
    const exemption = {
      rule: "refuse-lost-stores",
      resource: "*::queue",
      reason: "the queue is empty, and moves to another cluster",
      owner: "platform-team",
      expires: "2099-12-31",
    };
    const judged = (
      policies: object,
      evidence: Partial<Parameters<typeof judge>[0]> = {},
      config: object = {},
    ) => {
      judgedStack("production", { ...config }, { ...policies });
      return judge({ ...nothing, steps: [going], ...evidence });
    };

    it.each(["delete", "replace"] as const)(
      "refuses to %s a store, though nothing protects it",
      (operation) => {
        const verdict = judged({}, { steps: [{ ...going, operation }] });
        expect(verdict).toMatchObject({
          allowed: false,
          lost: [{ operation }],
          findings: [
            { policy: "refuse-lost-stores", level: "mandatory", severity: "critical", urn: going.urn },
          ],
        });
        expect(verdict.findings[0]?.message).toMatch(/would be (delete|replace)d.*\nRemedy: .*exemption/s);
      },
    );

    it("lets it go where an exemption names it, and tells of that", () => {
      const verdict = judged({ exemptions: [exemption] });
      expect(verdict).toMatchObject({ allowed: true, lost: [{ name: going.name }] });
      expect(verdict.findings.map(({ policy, level }) => [policy, level])).toEqual([
        ["tell-exemptions", "advisory"],
      ]);
      expect(verdict.findings[0]?.message).toContain(exemption.reason);
    });

    it("lets no other go, and none when the exemption is over", () => {
      const other = { ...going, urn: `${going.urn}-2` };
      expect(judged({ exemptions: [exemption] }, { steps: [going, other] })).toMatchObject({
        allowed: false,
      });
      expect(judged({ exemptions: [{ ...exemption, expires: "2020-01-01" }] })).toMatchObject({
        allowed: false,
        findings: [{ policy: "refuse-lost-stores" }],
      });
    });

    it("refuses an exemption that the change does not need, once it knows the whole of it", () => {
      const idle = judged({ exemptions: [exemption] }, { steps: [] });
      expect(idle).toMatchObject({ allowed: false, findings: [{ policy: "refuse-stale-exemptions" }] });
      expect(idle.findings[0]?.message).toContain(
        "policies:exemptions[0] from refuse-lost-stores is not needed",
      );
      expect(judged({ exemptions: [exemption] }, { steps: [], complete: false })).toMatchObject({
        allowed: true,
        findings: [],
      });
    });

    it("never lets go what is protected, whatever an exemption says", () => {
      const steps = [{ ...going, protected: true }];
      expect(judged({ exemptions: [exemption] }, { steps })).toMatchObject({ allowed: false, lost: [] });
    });

    it("tells of it and lets it pass while the environment is taken down, or where the level is advisory", () => {
      const decommission = { confirm: "production", reason: "moved to another account" };
      expect(judged({}, {}, { decommission })).toMatchObject({ allowed: true, findings: [], lost: [{}] });
      expect(judged({ levels: { "refuse-lost-stores": "advisory" } })).toMatchObject({
        allowed: true,
        findings: [{ policy: "refuse-lost-stores", level: "advisory" }],
      });
      expect(judged({ levels: { "refuse-lost-stores": "disabled" } })).toMatchObject({ findings: [] });
    });

    it("lets other rules of changes be exempted from, too", () => {
      const shrinking: PlannedStep = {
        ...going,
        operation: "update",
        changes: [{ path: "version", kind: "update", replaces: false, before: "18", after: "17" }],
      };
      const exemptions = [{ ...exemption, rule: "refuse-shrinking-stores" }];
      expect(judged({}, { steps: [shrinking] }).allowed).toBe(false);
      expect(judged({ exemptions }, { steps: [shrinking] }).allowed).toBe(true);
    });
  });
});
