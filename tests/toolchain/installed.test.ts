import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ensureEngine } from "../../toolchain/engine.ts";
import { ToolchainError } from "../../toolchain/errors.ts";
import { ensureKubernetes, kubernetesVersion } from "../../toolchain/kubernetes.ts";
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

    expect(await kubernetesVersion()).toBe("1.35.1");
    expect((await ensureKubernetes()).etcd).toBe(join(folder, "etcd"));
  });

  it.each([
    [
      "cannot be executed",
      async (file: string) => chmod(file, 0o644),
      /lacks kube-apiserver, or they cannot/,
    ],
    [
      "cannot be run here",
      async (file: string) => writeFile(file, "\u007fELF of another machine"),
      /does not tell its version/,
    ],
    [
      "is another program",
      async (file: string) => writeFile(file, "#!/bin/sh\nexit 3\n"),
      /does not tell its version: .*exit code 3/,
    ],
  ])("says so when a program in the given folder %s", async (_what, spoil, message) => {
    const folder = await temporaryDirectory();
    for (const program of ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok"]) {
      await fakeProgram(join(folder, program), "Kubernetes v1.35.1");
    }
    await spoil(join(folder, "kube-apiserver"));
    vi.stubEnv("PLATFORM_KUBERNETES_BIN", folder);

    for (const ask of [ensureKubernetes, kubernetesVersion]) {
      const refusal = await ask().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ToolchainError);
      expect(refusal).toMatchObject({ message: expect.stringMatching(message) });
    }
  });
});
