import { describe, expect, it } from "vitest";
import { Registry, type RegistryArgs } from "../../components/registry/registry.ts";
import { isSecret, record, resolved } from "./harness.ts";
import { itRefuses } from "./refusals.ts";

const make = (args: Partial<RegistryArgs> = {}) =>
  new Registry("images", { registryName: "whisper-staging", region: "tor1", ...args });

describe("a registry", () => {
  it("is made with credentials that pull and cannot push", async () => {
    const recording = await record(() => make());
    expect(recording.named("images-registry").inputs).toEqual({
      name: "whisper-staging",
      region: "nyc3",
      subscriptionTierSlug: "basic",
    });
    expect(recording.named("images-pull").inputs).toEqual({ registryName: "whisper-staging", write: false });
    const { access } = recording.result;
    expect(await resolved(access.endpoint)).toBe("registry.digitalocean.com/registry");
    expect(await isSecret(access.dockerConfigJson)).toBe(true);
  });

  it("declares that nobody copies its images", async () => {
    const recording = await record(() => make());
    expect(recording.named("images").inputs).toMatchObject({
      store: { store: "images", backup: "none", recovery: { point: "everything" } },
    });
  });

  it("stays in its region where there are registries", async () => {
    const recording = await record(() => make({ region: "fra1" }));
    expect(recording.named("images-registry").inputs).toMatchObject({ region: "fra1" });
  });

  it("follows its plan and renews its credentials as told", async () => {
    const recording = await record(() => make({ tier: "professional", credentialDays: 30 }));
    expect(recording.named("images-registry").inputs).toMatchObject({ subscriptionTierSlug: "professional" });
    expect(recording.named("images-pull").inputs).toMatchObject({ expirySeconds: 2_592_000 });
  });

  it("takes its credentials along when it goes", async () => {
    expect((await record(() => make())).named("images-pull").deletedWith).toBe("images-registry");
  });

  it("is protected, unless told otherwise", async () => {
    expect((await record(() => make())).named("images-registry").protect).toBe(true);
    expect((await record(() => make({ protect: false }))).named("images-registry").protect).toBe(false);
  });

  itRefuses<RegistryArgs>(make, [
    ["a name no registry can have", { registryName: "Whisper" }, ["registryName"]],
    ["an unknown region", { region: "mars1" }, ["region"]],
    ["credentials for no time", { credentialDays: 0 }, ["credentialDays"]],
  ]);
});
