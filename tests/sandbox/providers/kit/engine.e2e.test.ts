import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { CommandError, type EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ServedProvider, serveProvider } from "../../../../sandbox/providers/kit/index.ts";
import { type EngineStack, openStack } from "../engine.ts";
import { createMemoryProvider, type MemoryProvider } from "./memory-provider.ts";

let memory: MemoryProvider;
let served: ServedProvider;
let opened: EngineStack;
let region = "fra1";
let extra: digitalocean.VpcArgs | Record<string, never> = {};

const program = async () => {
  const secret = pulumi.secret("kept to oneself");
  const vpc = new digitalocean.Vpc("network", { region, description: secret, ...extra });
  new digitalocean.Vpc("second", { region, description: pulumi.interpolate`beside ${vpc.createdAt}` });
  return { id: vpc.id, created: vpc.createdAt };
};

beforeEach(async () => {
  region = "fra1";
  extra = {};
  memory = createMemoryProvider();
  served = await serveProvider(memory.provider, { port: 0 });
  opened = await openStack(program, { digitalocean: served.port });
});

afterEach(async () => {
  await opened.remove();
  await served.close();
});

const steps = (events: readonly EngineEvent[]) =>
  events.flatMap((event) =>
    event.resourcePreEvent?.metadata.type.startsWith("digitalocean:")
      ? [event.resourcePreEvent.metadata]
      : [],
  );

describe("the kit under the real engine", () => {
  it("creates, finds nothing to do, updates in place, replaces, refreshes, destroys", async () => {
    const { stack } = opened;
    expect((await stack.preview()).changeSummary).toEqual({ create: 3 });
    const up = await stack.up();
    expect(up.summary.resourceChanges).toEqual({ create: 3 });
    expect((await opened.outputs()).id?.value).toBe("network-0");

    expect((await stack.up()).summary.resourceChanges).toEqual({ same: 3 });
    expect((await stack.refresh()).summary.resourceChanges).toEqual({ same: 3 });

    extra = { region, ipRange: "10.1.0.0/16" };
    expect((await stack.up({ onEvent: opened.onEvent })).summary.resourceChanges).toEqual({
      same: 2,
      update: 1,
    });
    const updated = steps(opened.events).find((step) => step.op === "update");
    expect(updated?.detailedDiff).toEqual({ ipRange: { diffKind: "update", inputDiff: true } });

    region = "ams3";
    extra = { region, ipRange: "10.1.0.0/16" };
    opened.events.length = 0;
    expect((await stack.preview({ onEvent: opened.onEvent })).changeSummary).toEqual({ same: 1, replace: 2 });
    const replaced = steps(opened.events).find((step) => step.op === "replace");
    expect(replaced?.detailedDiff).toMatchObject({ region: { diffKind: "update-replace", inputDiff: true } });

    expect((await stack.destroy()).summary.resourceChanges).toEqual({ delete: 3 });
    expect(memory.resources.size).toBe(0);
  });

  it("keeps secrets out of the state's clear text", async () => {
    await opened.stack.up();
    const state = await opened.readState();
    expect(state).not.toContain("kept to oneself");
    expect(state).not.toContain("hunter2");
    expect(memory.resources.get("network-0")).toMatchObject({ description: { value: "kept to oneself" } });
  });

  it("refuses a resource in the preview with all its faults", async () => {
    region = "mars1";
    const refusal = await opened.stack.preview().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CommandError);
    expect(String(refusal)).toContain("there is no region mars1");
    expect(String(refusal)).toContain("tags are not for other planets");
    expect(String(refusal)).toContain("tags[0]");
  });

  it("records a resource that was made but did not become ready", async () => {
    extra = { region, description: "broken" };
    const failure = await opened.stack.up().catch((error: unknown) => error);
    expect(String(failure)).toContain("no power");
    const { deployment } = await opened.stack.exportStack();
    const record = deployment.resources.find((resource: { id?: string }) => resource.id === "network-0");
    expect(record.initErrors).toEqual(["no power"]);

    extra = {};
    expect((await opened.stack.up()).summary.resourceChanges).toEqual({ create: 1, same: 1, update: 1 });
  });

  it("says what a provider refuses without a stack trace", async () => {
    extra = { region, description: "impossible" };
    const failure = await opened.stack.up().catch((error: unknown) => error);
    expect(String(failure)).toContain("this cannot be: make it possible");
    expect(String(failure)).not.toContain("at Object");
  });

  it("gives each connection its own configuration", async () => {
    const other = await openStack(
      async () => {
        const provider = new digitalocean.Provider("other", {
          token: pulumi.secret("dop_v1_other"),
          httpRetryMax: 7,
        });
        new digitalocean.Vpc("explicit", { region: "fra1" }, { provider });
        new digitalocean.Vpc("implicit", { region: "fra1" });
      },
      { digitalocean: served.port },
    );
    try {
      await other.stack.up();
      expect(memory.configurations).toHaveLength(2);
      expect(memory.configurations.map((config) => "httpRetryMax" in config).sort()).toEqual([false, true]);
    } finally {
      await other.remove();
    }
  });

  it("stops waiting when the engine cancels, and lists what is in flight until then", async () => {
    const reached = new Promise<void>((resolve) => {
      memory.hold = ({ signal }) => {
        resolve();
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      };
    });
    const interrupt = new AbortController();
    const running = opened.stack.up({ signal: interrupt.signal }).catch((error: unknown) => error);
    await reached;
    expect(served.inFlight()).toMatchObject([{ method: "create" }]);
    expect(served.inFlight()[0]?.urn).toContain("::network");
    interrupt.abort();
    await running;
    expect(served.inFlight()).toEqual([]);
    expect(memory.resources.size).toBe(0);
  });
});
