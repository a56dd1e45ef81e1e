import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultPlanInput } from "../../../../sandbox/faults/plan.ts";
import { resourceDefinitions } from "../../../../sandbox/providers/digitalocean/resources/index.ts";
import { type PropertyMap, Secret } from "../../../../sandbox/providers/kit/index.ts";
import { type Life, lives, livingTokens } from "./lives.ts";
import {
  type Made,
  type ProviderSandbox,
  quietCall,
  revealed,
  startProviderSandbox,
  token$,
} from "./sandbox.ts";

/** Types that need a running control plane: the engine's own tests bring them to life. */
const ELSEWHERE = ["KubernetesCluster", "KubernetesNodePool"].map(token$);

/** Inputs that the API does not tell, or that the vendor's plugin does not ask for, when it imports. */
const UNTOLD = [
  ...["image", "sshKeys", "userData", "forceDestroy", "gracefulShutdown", "resizeDisk"],
  ...["initialFilesystemType", "maintenanceWindows", "storageAutoscale"],
];

/** Outputs that change by themselves from one moment to the next. */
const RESTLESS = new Set([
  "updatedAt",
  "storageUsageBytes",
  "pendingChanges",
  "status",
  "currentUtilizations",
]);

/** Answers that fail, and answers that are lost after what was asked for has been done. */
const TROUBLES: Readonly<Record<string, FaultPlanInput["rules"]>> = {
  undisturbed: [],
  "while answers fail and get lost": [
    { path: "/v2/**", rate: 0.1, status: 503 },
    { path: "/v2/**", rate: 0.1, drop: "after" },
  ],
};

describe.each(Object.entries(TROUBLES))(
  "every type of resource, from its making to its end, %s",
  (_name, rules) => {
    let sandbox: ProviderSandbox;
    beforeAll(async () => {
      sandbox = await startProviderSandbox();
      sandbox.faults.replace({ seed: 42, rules });
    });
    afterAll(() => sandbox.close());

    it.each(lives)("$type", async (life) => {
      const neighbours: Made[] = [];
      try {
        await live(life, async (type, name, inputs) => {
          const made = await sandbox.make(token$(type), name, inputs);
          neighbours.push(made);
          return made;
        });
      } finally {
        for (const neighbour of neighbours.reverse()) await sandbox.delete(neighbour);
      }
    });

    async function live(
      life: Life,
      make: (type: string, name: string, inputs: PropertyMap) => Promise<Made>,
    ) {
      const inputs = await life.inputs(make, sandbox);
      const made = await sandbox.make(token$(life.type), "it", inputs);
      const definition = resourceDefinitions.find(({ token }) => token === made.type);
      try {
        expect(revealed(made.outputs)).toMatchObject({ ...life.outputs, id: made.id });
        expectSecrets(made);

        const again = await sandbox.read(made);
        expect(ordered(again?.inputs), "a refresh changes no input").toEqual(ordered(made.inputs));
        expect(steady(again?.outputs ?? {}), "a refresh changes no output").toEqual(steady(made.outputs));
        expect(await sandbox.diff(again ?? made, inputs), "an update has nothing to do").toEqual([]);

        await importsWithoutDifference(life, made, inputs);
        if (life.change === undefined) return;
        const wanted = life.change.inputs(inputs);
        expect(await sandbox.diff(made, wanted)).toEqual(life.change.paths);
        const changed = await sandbox.update(made, wanted);
        const after = await sandbox.read(changed);
        expect(await sandbox.diff(after ?? changed, wanted), "the change is made").toEqual([]);
        expectSecrets(changed);
      } finally {
        await sandbox.delete(made);
        expect(definition).toBeDefined();
      }
      await sandbox.delete(made);
      if (life.vanishes !== false) expect(await sandbox.read(made), "it is gone").toBeUndefined();
    }

    function expectSecrets({ type, outputs }: Made) {
      const definition = resourceDefinitions.find(({ token }) => token === type);
      for (const [name, field] of Object.entries({ ...definition?.inputs, ...definition?.outputs })) {
        if (field.secret && outputs[name] !== undefined) expect(outputs[name], name).toBeInstanceOf(Secret);
      }
    }

    async function importsWithoutDifference(life: Life, made: Made, inputs: PropertyMap) {
      if (life.importId === null) return;
      const { type, name } = made;
      const id = life.importId?.(made) ?? made.id;
      const identity = { urn: "urn:pulumi:dev::test::x::it", type, name };
      const found = await sandbox.session.read(
        { ...identity, id, inputs: undefined, outputs: undefined },
        quietCall,
      );
      expect(found, "an import finds it").toBeDefined();
      if (found === undefined) return;
      const differing = await sandbox.diff({ ...made, ...found }, inputs);
      expect(differing.filter((path) => !UNTOLD.some((known) => path.startsWith(known)))).toEqual([]);
    }

    /** Properties in which texts stand in one order: those of a set are put into the cloud's by a refresh. */
    const ordered = (properties: PropertyMap = {}) =>
      JSON.parse(
        JSON.stringify(revealed(properties), (_, value) =>
          Array.isArray(value) && value.every((item) => typeof item === "string") ? [...value].sort() : value,
        ),
      );

    /** What must not change by itself. An empty list that nobody asked for appears when it is read. */
    const steady = (outputs: PropertyMap) => {
      const settled = Object.entries(revealed(outputs)).filter(([name]) => !RESTLESS.has(name));
      const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
      return JSON.parse(
        JSON.stringify(Object.fromEntries(settled), (_, value) => (isEmpty(value) ? undefined : value)),
      );
    };

    it("leaves no served type untested", () => {
      const untested = resourceDefinitions
        .map(({ token }) => token)
        .filter((token) => !livingTokens.has(token));
      expect(untested.sort()).toEqual(ELSEWHERE.sort());
    });
  },
);

it("makes both CAA records of one authority, once each, though the answers to both are lost", async () => {
  const sandbox = await startProviderSandbox();
  try {
    await sandbox.make(token$("Domain"), "zone", { name: "caa.example.com" });
    sandbox.faults.replace({ rules: [{ method: "POST", path: "/v2/domains/*/records", drop: "after" }] });
    for (const tag of ["issue", "issuewild"]) {
      const inputs = {
        domain: "caa.example.com",
        type: "CAA",
        name: "@",
        value: "letsencrypt.org.",
        flags: 0,
        tag,
      };
      expect((await sandbox.make(token$("DnsRecord"), tag, inputs)).outputs).toMatchObject({ tag });
    }
  } finally {
    await sandbox.close();
  }
});
