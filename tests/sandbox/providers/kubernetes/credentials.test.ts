import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterAccess } from "../../../../sandbox/providers/kubernetes/cluster/access.ts";
import { credentialsOf } from "../../../../sandbox/providers/kubernetes/cluster/credentials.ts";
import type { PlainMap } from "../../../../sandbox/providers/kubernetes/objects/object.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  await writeFile(join(folder, "token"), "from-file\n");
  await writeFile(join(folder, "ca.pem"), "authority");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const as = (user: PlainMap, cluster: PlainMap = {}): ClusterAccess => ({
  server: "https://x",
  namespace: "default",
  fingerprint: "",
  cluster,
  user,
  folder,
});
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("credentials", () => {
  it.each([
    [{ token: "t" }, "Bearer t"],
    [{ tokenFile: "token", token: "older" }, "Bearer from-file"],
    [{ username: "u", password: "p" }, `Basic ${base64("u:p")}`],
    [{}, undefined],
  ])("of %j", async (user, authorization) => {
    expect((await credentialsOf(as(user))).headers.authorization).toBe(authorization);
  });

  it("are certificates, in the kubeconfig or beside it", async () => {
    const user = { "client-certificate-data": base64("mine"), "client-key-data": base64("key") };
    const cluster = { "certificate-authority": "ca.pem", "tls-server-name": "api" };
    expect((await credentialsOf(as(user, cluster))).tls).toEqual({
      ca: Buffer.from("authority"),
      cert: Buffer.from("mine"),
      key: Buffer.from("key"),
      servername: "api",
    });
    const trusting = { "insecure-skip-tls-verify": true };
    expect((await credentialsOf(as({}, trusting))).tls).toEqual({ rejectUnauthorized: false });
  });

  it("come from a program that the kubeconfig names, which sees its variables", async () => {
    const script = "process.stdout.write(JSON.stringify({ status: { token: process.env.NAME } }))";
    const exec = { command: process.execPath, args: ["-e", script], env: [{ name: "NAME", value: "told" }] };
    expect((await credentialsOf(as({ exec }))).headers).toEqual({ authorization: "Bearer told" });
  });

  it("that a program does not give are said to be missing", async () => {
    const exec = { command: process.execPath, args: ["-e", "process.exit(3)"] };
    await expect(credentialsOf(as({ exec }))).rejects.toThrow(/gave no credentials/);
  });
});
