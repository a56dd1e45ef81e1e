import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openJournal } from "../../platform/repair/journal.ts";

const urn = "urn:pulumi:staging::whisper-platform::digitalocean:index/vpc:Vpc::a";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (inputs: Record<string, unknown> = {}, op = "create"): StepEventMetadata => {
  const resource = {
    urn,
    type: "digitalocean:index/vpc:Vpc",
    custom: true,
    id: "",
    parent: "urn:parent",
    provider: "urn:provider::1",
    protect: true,
    inputs,
    outputs: {},
  };
  return { op, urn, type: resource.type, new: resource, provider: resource.provider } as StepEventMetadata;
};

const event = (content: Partial<EngineEvent>): EngineEvent => ({ sequence: 0, timestamp: 0, ...content });
const begins = (metadata = create()) => event({ resourcePreEvent: { metadata } });
const succeeds = (metadata = create()) => event({ resOutputsEvent: { metadata } });
const fails = (metadata = create()) => event({ resOpFailedEvent: { metadata, status: 0, steps: 1 } });
const says = (message: string) =>
  event({ diagnosticEvent: { urn, message, color: "never", severity: "error" } });

/** What the next run has to find out about, as it reads it from the disk. */
const leftBy = (...events: EngineEvent[]) => {
  const journal = openJournal(folder);
  for (const each of events) journal.onEvent(each);
  return openJournal(folder).mergeInto({ resources: [] }).pending_operations ?? [];
};

const secretKey = "4dabf18193072939515e22adb298388d";
const secretOf = (content: object) => ({ [secretKey]: "1b47061264138c4ac30d75fd1eb44270", ...content });

it("keeps a create that began and was never heard of again, with all that is known of it, secrets as secrets", () => {
  const inputs = { name: "a", token: "[secret]", to: [{ url: secretOf({ ciphertext: "[secret]" }) }] };
  const secret = secretOf({ plaintext: '"[secret]"' });
  expect(leftBy(begins(create(inputs)))).toEqual([
    {
      type: "creating",
      resource: expect.objectContaining({
        urn,
        parent: "urn:parent",
        provider: "urn:provider::1",
        protect: true,
        inputs: { name: "a", token: secret, to: [{ url: secret }] },
      }),
    },
  ]);
});

it("strikes out what was made, and what the cloud refused: somebody else's is never adopted", () => {
  expect(leftBy(begins(), succeeds())).toEqual([]);
  expect(leftBy(begins(), says("422 name already exists"), fails())).toEqual([]);
});

it.each(["error reading from server: EOF", "context canceled", "plugin has exited"])(
  "keeps what ended without an answer: %s",
  (message) => {
    expect(leftBy(begins(), says(message), fails())).toHaveLength(1);
    expect(leftBy(begins(), fails(), says(message))).toHaveLength(1);
  },
);

it("asks nothing twice: what is recorded or pending is known, unless it is being replaced", () => {
  const journal = openJournal(folder);
  journal.onEvent(begins());
  const resource = { urn, type: "digitalocean:index/vpc:Vpc" };
  expect(journal.mergeInto({ resources: [resource] }).pending_operations).toEqual([]);
  const pending = { pending_operations: [{ type: "creating", resource }] };
  expect(journal.mergeInto(pending).pending_operations).toHaveLength(1);
  journal.onEvent(begins(create({}, "create-replacement")));
  expect(journal.mergeInto({ resources: [resource] }).pending_operations).toHaveLength(1);
});

it("remembers what is still to be read", () => {
  openJournal(folder).owe([urn]);
  expect(openJournal(folder).unread).toEqual([urn]);
});

it("forgets when told to", () => {
  const journal = openJournal(folder);
  journal.onEvent(begins());
  journal.owe([urn]);
  journal.clear();
  expect(openJournal(folder).mergeInto({}).pending_operations).toEqual([]);
  expect(openJournal(folder).unread).toEqual([]);
});
