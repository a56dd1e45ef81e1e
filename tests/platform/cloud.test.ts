import { describe, expect, it } from "vitest";
import { providers } from "../../platform/engine/plugins.ts";
import { requireCloud } from "../../platform/environment/cloud.ts";
import { sandboxEnv } from "../../platform/environment/sandbox-env.ts";
import { runningSandbox as record } from "./running-sandbox.ts";

const home = { state: "/home/someone/state", passphrase: "/home/someone/passphrase" };

describe("a command without --sandbox", () => {
  it.each([
    { what: "stand-ins", standIns: providers, others: ["PULUMI_DEBUG_PROVIDERS"] },
    { what: "the vendor's plugins", standIns: [], others: [] },
  ])(
    "is refused in a shell that was pointed at the sandbox with $what, and told everything in the way",
    (shell) => {
      const env = sandboxEnv({ record, home, standIns: shell.standIns });
      const expected = [...shell.others, "DIGITALOCEAN_API_URL", "SPACES_ENDPOINT_URL", "PULUMI_BACKEND_URL"];
      expect(() => requireCloud(env, home)).toThrow(
        expect.objectContaining({ status: 2, details: { inTheWay: expected } }),
      );
    },
  );

  it.each([
    { PULUMI_DEBUG_PROVIDERS: "digitalocean:1" },
    { DIGITALOCEAN_API_URL: "http://localhost:8080/" },
    { DIGITALOCEAN_API_URL: "http://[::1]:8080" },
    { SPACES_ENDPOINT_URL: "127.0.0.1:9000" },
    { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000" },
    { PULUMI_BACKEND_URL: "file:///home/someone/state?no_tmp_dir=true" },
    { PLATFORM_PLUGINS: "builtin" },
  ])("is refused with %o", (env) => {
    expect(() => requireCloud(env, home)).toThrow(/Without --sandbox this goes to DigitalOcean/);
  });

  it.each([
    {},
    { PULUMI_DEBUG_PROVIDERS: "", DIGITALOCEAN_API_URL: "" },
    { DIGITALOCEAN_API_URL: "https://api.digitalocean.com", PLATFORM_PLUGINS: "vendor" },
    { SPACES_ENDPOINT_URL: "https://{{.Region}}.digitaloceanspaces.com" },
    { PULUMI_BACKEND_URL: "file:///home/someone/state-of-the-real-one" },
    { PULUMI_BACKEND_URL: "s3://bucket?endpoint=https://fra1.digitaloceanspaces.com" },
  ])("goes on with %o", (env) => {
    expect(() => requireCloud(env, home)).not.toThrow();
  });
});
