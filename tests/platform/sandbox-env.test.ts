import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pluginChoice, providers, standIns } from "../../platform/engine/plugins.ts";
import { pathExport, sandboxEnv, shellExports } from "../../platform/environment/sandbox-env.ts";
import { runningSandbox as record } from "./running-sandbox.ts";

const home = { state: "/home/someone/state", passphrase: "/home/someone/passphrase" };

describe("what reaches the sandbox", () => {
  it("attaches the engine to the stand-ins, each at its port", () => {
    expect(sandboxEnv({ record, home, standIns: providers })).toMatchObject({
      PULUMI_BACKEND_URL: "file:///home/someone/state?metadata=skip",
      DIGITALOCEAN_API_URL: "http://127.0.0.1:1",
      SPACES_ENDPOINT_URL: "http://127.0.0.1:2",
      PULUMI_DEBUG_PROVIDERS: "digitalocean:3,kubernetes:4,random:5,tls:8,docker-build:9",
    });
  });

  it("gives the vendor's plugin a host that resolves nowhere, and Spaces as its proxy", () => {
    const env = sandboxEnv({ record, home, standIns: [] });
    expect(env).toMatchObject({
      SPACES_ENDPOINT_URL: "http://{{.Region}}.spaces.internal",
      HTTP_PROXY: "http://127.0.0.1:2",
    });
    expect(env).not.toHaveProperty("PULUMI_DEBUG_PROVIDERS");
  });

  it("is exported so that a shell reads back every value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (value) => {
        fc.pre(!value.includes("\0"));
        const script = `${shellExports({ VALUE: value })}\nprintf %s "$VALUE"`;
        expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(value);
      }),
      { numRuns: 30 },
    );
  });

  it("puts the engine's folder before the PATH, whatever its owner is called", () => {
    const script = `${pathExport("/home/o'brien/$cache dir")}\nprintf %s "$PATH"`;
    const path = execFileSync("/bin/sh", ["-c", script], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin" },
    });
    expect(path).toBe("/home/o'brien/$cache dir:/usr/bin:/bin");
  });
});

describe("the choice of plugins", () => {
  it("takes the vendor's where they are found, unless told otherwise", () => {
    const found = (name: string) => name === "random";
    expect(standIns("auto", found)).toEqual(["digitalocean", "kubernetes", "tls", "docker-build"]);
    expect(standIns("vendor", found)).toEqual([]);
    expect(standIns("builtin", found)).toEqual(providers);
  });

  it("is auto when nothing is said", () => {
    expect(pluginChoice({})).toBe("auto");
    expect(() => pluginChoice({ PLATFORM_PLUGINS: "x" })).toThrow(/auto, vendor, builtin/);
  });
});
