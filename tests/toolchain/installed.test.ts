import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureEngine } from "../../toolchain/engine.ts";
import { ensureKubernetes } from "../../toolchain/kubernetes.ts";
import { pulumiEngine } from "../../toolchain/programs.ts";
import { temporaryDirectory } from "./fixtures.ts";

async function fakeProgram(path: string, output: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
  return path;
}

afterEach(() => vi.unstubAllEnvs());

describe("ensureEngine", () => {
  it("takes the one on the PATH", async () => {
    const folder = await temporaryDirectory();
    const program = await fakeProgram(join(folder, "pulumi"), "v3.253.0");
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);

    expect(await ensureEngine()).toEqual({ pulumiPath: program, version: "3.253.0" });
  });

  it("passes over a folder of that name on the PATH", async () => {
    const [first, second] = [await temporaryDirectory(), await temporaryDirectory()];
    await mkdir(join(first, "pulumi"));
    const program = await fakeProgram(join(second, "pulumi"), "v3.253.0");
    vi.stubEnv("PATH", `${first}:${second}:${process.env.PATH}`);

    expect((await ensureEngine()).pulumiPath).toBe(program);
  });

  it("passes over one that is too old, for the one in Pulumi's own cache", async () => {
    const [folder, pulumiHome] = [await temporaryDirectory(), await temporaryDirectory()];
    await fakeProgram(join(folder, "pulumi"), "v3.100.0");
    const own = join(pulumiHome, "versions", pulumiEngine.version, "bin", "pulumi");
    await fakeProgram(own, `v${pulumiEngine.version}`);
    vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
    vi.stubEnv("PULUMI_HOME", pulumiHome);

    expect((await ensureEngine()).pulumiPath).toBe(own);
  });
});

describe("ensureKubernetes", () => {
  it("names every program that a given folder lacks, and falls through to nothing else", async () => {
    const folder = await temporaryDirectory();
    await fakeProgram(join(folder, "etcd"), "etcd");
    vi.stubEnv("PLATFORM_KUBERNETES_BIN", folder);

    await expect(ensureKubernetes()).rejects.toThrow(
      /lacks kube-apiserver, kube-controller-manager, kube-scheduler, kwok/,
    );
  });

  it("reads the version from a given folder's own programs", async () => {
    const folder = await temporaryDirectory();
    for (const program of ["kube-controller-manager", "kube-scheduler", "etcd", "kwok"]) {
      await fakeProgram(join(folder, program), program);
    }
    await fakeProgram(join(folder, "kube-apiserver"), "Kubernetes v1.35.1");
    vi.stubEnv("PLATFORM_KUBERNETES_BIN", folder);

    expect((await ensureKubernetes()).version).toBe("1.35.1");
  });
});
