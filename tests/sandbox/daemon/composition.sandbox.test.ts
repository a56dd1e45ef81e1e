import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { resetSandbox, startSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { platformHome } from "../../../sandbox/home.ts";

const folder = mkdtempSync(join(tmpdir(), "daemon-test-"));
const home = platformHome({ PLATFORM_HOME: join(folder, "home") });

afterEach(async () => {
  vi.unstubAllEnvs();
  await resetSandbox(home);
  rmSync(folder, { recursive: true, force: true });
});

it("offers the version of Kubernetes that the given programs are", async () => {
  for (const program of ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok"]) {
    writeFileSync(join(folder, program), "#!/bin/sh\necho Kubernetes v1.35.1\n", { mode: 0o755 });
  }
  vi.stubEnv("PLATFORM_KUBERNETES_BIN", folder);
  const { ports, apiToken } = await startSandbox(home);
  const answer = await fetch(`http://127.0.0.1:${ports.api}/v2/kubernetes/options`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  expect(await answer.json()).toMatchObject({ options: { versions: [{ slug: "1.35.1-do.0" }] } });
});

it("records the API and Spaces into one file", async () => {
  const record = await startSandbox(home);
  const file = join(folder, "requests.jsonl");
  await new SandboxClient(record).startRecording(file);
  await fetch(`http://127.0.0.1:${record.ports.api}/v2/account`);
  await fetch(`http://127.0.0.1:${record.ports.spaces}/media/a`);
  const services = () =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).service);
  await expect.poll(services, { timeout: 60_000 }).toEqual(["api", "spaces"]);
});
