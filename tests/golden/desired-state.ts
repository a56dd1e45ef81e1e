import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { EngineEvent, StepEventStateMetadata } from "@pulumi/pulumi/automation/index.js";
import { preview } from "../../platform/engine/operations.ts";
import { isBookkeeping, nameOf } from "../../platform/engine/plan.ts";
import { createOutput } from "../../platform/report/output.ts";
import { withSession } from "../../platform/session.ts";
import { resetSandbox } from "../../sandbox/daemon/lifecycle.ts";
import { platformHome } from "../../sandbox/home.ts";

/** The environments whose desired state is committed. */
export const environments = ["staging", "production"] as const;

/** What the program wants of one resource, as the engine heard it. Secrets are masked, unknown values named. */
export interface DesiredResource {
  readonly name: string;
  readonly type: string;
  readonly parent?: string;
  readonly protect?: true;
  readonly retainOnDelete?: true;
  /** Absent for components: what their arguments do shows in their children. */
  readonly inputs?: unknown;
}

/** Property names under which providers keep notes of their own in a resource's inputs. */
const bookkeeping = ["__defaults"];
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Runs each environment's whole program through the real engine's preview, against an empty sandbox of its own, and
 * returns what it wants, sorted by type and name.
 */
export async function desiredStates(): Promise<Record<string, DesiredResource[]>> {
  const home = await mkdtemp(join(tmpdir(), "whisper-golden-"));
  const before = process.env.PLATFORM_HOME;
  process.env.PLATFORM_HOME = home;
  try {
    const states: Record<string, DesiredResource[]> = {};
    for (const environment of environments) states[environment] = await desiredState(environment);
    return states;
  } finally {
    await resetSandbox(platformHome());
    await rm(home, { recursive: true, force: true });
    if (before === undefined) delete process.env.PLATFORM_HOME;
    else process.env.PLATFORM_HOME = before;
  }
}

async function desiredState(environment: string): Promise<DesiredResource[]> {
  const wanted = new Map<string, DesiredResource>();
  const options = { sandbox: true, json: true, yes: true };
  const outcome = await withSession(environment, options, createOutput(true), ({ stack }) =>
    preview(stack, { policyPack: undefined, onEvent: (event) => note(wanted, event) }),
  );
  if (outcome.error !== undefined) throw outcome.error;
  const key = ({ type, name }: DesiredResource) => `${type}\n${name}`;
  return [...wanted.values()].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function note(wanted: Map<string, DesiredResource>, { resourcePreEvent }: EngineEvent): void {
  const resource = resourcePreEvent?.metadata.new;
  if (resource === undefined || isBookkeeping(resource)) return;
  wanted.set(resource.urn, describe(resource));
}

function describe({
  custom,
  urn,
  type,
  parent,
  protect,
  retainOnDelete,
  inputs,
}: StepEventStateMetadata): DesiredResource {
  return {
    name: nameOf(urn),
    type,
    ...(parent && !parent.includes("pulumi:pulumi:Stack::") ? { parent: nameOf(parent) } : {}),
    ...(protect === true ? { protect } : {}),
    ...(retainOnDelete === true ? { retainOnDelete } : {}),
    ...(custom ? { inputs: normalised(inputs) } : {}),
  };
}

/** A file that a resource holds stands line by line, so that a diff shows the line that changed. */
const text = (value: string) => (value.includes("\n") ? { lines: value.split("\n") } : value);

/** What is packed stands as the fingerprint of its text: how it is packed is the business of Node's version. */
const unpacked = (packed: unknown) =>
  createHash("sha256")
    .update(gunzipSync(Buffer.from(String(packed), "base64")))
    .digest("hex");

function normalised(value: unknown): unknown {
  if (typeof value === "string") return text(value.replaceAll(unknown, "[unknown]"));
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !bookkeeping.includes(key))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, key.endsWith(".gz") ? unpacked(member) : normalised(member)]),
  );
}
