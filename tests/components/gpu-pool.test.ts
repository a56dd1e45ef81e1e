import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { GpuPool, type GpuPoolArgs } from "../../components/gpu-pool/gpu-pool.ts";
import { ownership, placement } from "./fixtures.ts";
import { record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDRmkMDCojC6aYLnhBc1Ob6yCrnS2bMVAhQhkyvs1TmJ ada";
const make = (args: Partial<GpuPoolArgs> = {}) =>
  new GpuPool("gpu", {
    ownership,
    placement: placement(),
    firewall: { tag: pulumi.output("gpu-members") },
    size: "gpu-l40sx1-48gb",
    workerImage: "registry.digitalocean.com/whisper/worker:0.1.0",
    operatorKeys: { ada: key },
    ...args,
  });
const pool = (args?: Partial<GpuPoolArgs>) => record(() => make(args));

describe("a GPU pool", () => {
  it("is one droplet that holds nothing of record, behind its firewall", async () => {
    const recording = await pool();
    const { userData, ...inputs } = recording.named("gpu-g1-0").inputs;
    expect(inputs).toEqual({
      name: "gpu-g1-0",
      region: "tor1",
      size: "gpu-l40sx1-48gb",
      image: "gpu-h100x1-base",
      vpcUuid: "vpc-id",
      sshKeys: ["fingerprint-of-gpu-operator-ada"],
      monitoring: true,
      backups: false,
      tags: [
        "component:gpu-worker",
        "cost-centre:transcription",
        "environment:staging",
        "owner:platform-team",
        "stateless",
        "gpu-members",
      ],
    });
    expect(userData).toContain("registry.digitalocean.com/whisper/worker:0.1.0");
  });

  it("lets its operators in by key", async () => {
    const recording = await pool({ operatorKeys: { ada: key, grace: key } });
    expect(recording.named("gpu-operator-grace").inputs).toEqual({
      name: "gpu-operator-grace",
      publicKey: key,
    });
    expect(recording.named("gpu-g1-0").inputs).toMatchObject({
      sshKeys: ["fingerprint-of-gpu-operator-ada", "fingerprint-of-gpu-operator-grace"],
    });
  });

  it("has as many droplets as told, and a new generation has new ones", async () => {
    const recording = await pool({ count: 3, generation: 2 });
    expect(recording.ofType("Droplet").map(({ name }) => name)).toEqual(["gpu-g2-0", "gpu-g2-1", "gpu-g2-2"]);
  });

  it("leaves running droplets alone when what is decided at birth changes", async () => {
    expect((await pool()).named("gpu-g1-0").ignoreChanges).toEqual(["image", "sshKeys", "userData"]);
  });

  it.each([
    ["gpu-h100x8-640gb", "gpu-h100x8-base"],
    ["gpu-mi300x1-192gb", "gpu-amd-base"],
    ["gpu-4000adax1-20gb", "gpu-h100x1-base"],
  ])("starts %s from %s, which has its drivers", async (size, image) => {
    expect((await pool({ size })).named("gpu-g1-0").inputs).toMatchObject({ size, image });
  });

  it.each<[Partial<GpuPoolArgs>, string]>([
    [{ settings: { WHISPER_MODEL: "large-v3" } }, "WHISPER_MODEL=large-v3"],
    [{ stopGraceSeconds: 900 }, "--stop-timeout 900"],
    [{ metricsPort: 9999 }, "PRIVATE_ADDRESS}:9999:9999"],
    [{ operatorRanges: ["203.0.113.0/24"] }, "203.0.113.0/24"],
    [{ workerImage: "example.com/worker:2.0.0" }, "example.com/worker:2.0.0"],
  ])("passes %o to the droplet's set-up", async (args, text) => {
    expect((await pool(args)).named("gpu-g1-0").inputs.userData).toContain(text);
  });

  it("hands on where its metrics are, and what it is made of", async () => {
    const { result } = await pool({ count: 2 });
    expect(await resolved(result.privateAddresses)).toEqual([
      "private-address-of-gpu-g1-0",
      "private-address-of-gpu-g1-1",
    ]);
    expect(await resolved(result.dropletUrns)).toEqual(["do:droplet:gpu-g1-0", "do:droplet:gpu-g1-1"]);
    expect(await resolved(result.dropletIds)).toEqual(["gpu-g1-0-id", "gpu-g1-1-id"]);
    expect(result.metricsPort).toBe(9100);
  });

  itRefuses<GpuPoolArgs>(make, [
    ["a size without a GPU", { size: "s-2vcpu-4gb" }, ["size"]],
    ["no droplets", { count: 0 }, ["count"]],
    ["half a generation", { generation: 1.5 }, ["generation"]],
    ["an image without a version", { workerImage: "example.com/worker" }, ["workerImage"]],
    ["the latest image", { workerImage: "example.com/worker:latest" }, ["workerImage"]],
    ["nobody who can sign in", { operatorKeys: {} }, ["operatorKeys"]],
    ["a private key", { operatorKeys: { ada: "-----BEGIN OPENSSH PRIVATE KEY-----" } }, ["operatorKeys.ada"]],
    ["the whole internet as operators", { operatorRanges: ["0.0.0.0/0"] }, ["operatorRanges[0]"]],
    ["half of it as operators", { operatorRanges: ["0.0.0.0/1"] }, ["operatorRanges[0]"]],
    ["a secret in the settings", { settings: { DATABASE_URL: "postgresql://" } }, ["settings.DATABASE_URL"]],
    ["a setting of two lines", { settings: { MODEL: "a\nb" } }, ["settings.MODEL"]],
    ["settings that do not fit", { settings: { PROMPT: "x".repeat(70_000) } }, ["settings"]],
    ["a port of root's", { metricsPort: 80 }, ["metricsPort"]],
    ["several faults at once", { size: "x", count: -1, workerImage: "x" }, ["size", "count", "workerImage"]],
  ]);

  it.each(["REDIS_URL", "HF_TOKEN"])("takes %s for a secret", async (name) => {
    await expect(pool({ settings: { [name]: "x" } })).rejects.toThrow("looks like a secret");
  });
});
