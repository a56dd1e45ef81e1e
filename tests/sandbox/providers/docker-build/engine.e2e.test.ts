import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Image } from "../../../../components/image/image.ts";
import { createDockerBuildProvider } from "../../../../sandbox/providers/docker-build/provider.ts";
import { serveProvider } from "../../../../sandbox/providers/kit/index.ts";
import { testToken } from "../../cloud/support/cloud.ts";
import { registrySandbox } from "../../registry/support.ts";
import { openStack } from "../engine.ts";

const tag = "registry.digitalocean.com/whisper/api:1.0";

it("an image is built and pinned by the real engine, and pinned anew when its source has changed", async () => {
  const registry = await registrySandbox();
  await registry.server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = registry.server.server.address() as AddressInfo;
  const provider = createDockerBuildProvider({ url: () => `http://127.0.0.1:${port}`, token: testToken });
  const served = await serveProvider(provider, { port: 0 });
  const context = mkdtempSync(join(tmpdir(), "context-"));
  writeFileSync(join(context, "Dockerfile"), "FROM scratch\n");
  const program = async () => {
    const image = new Image("api", { reference: tag, source: { context }, pin: "staging" });
    return { reference: image.reference, tag: pulumi.output(image.tag) };
  };
  const opened = await openStack(program, { "docker-build": served.port });
  try {
    const { stack } = opened;
    let previewed: string | undefined;
    await stack.preview({
      onEvent: ({ resOutputsEvent, resourcePreEvent }) => {
        const { type, new: planned } = (resOutputsEvent ?? resourcePreEvent)?.metadata ?? {};
        if (type === "whisper:image:Image") previewed = planned?.outputs?.reference ?? previewed;
      },
    });
    expect(previewed).toBe(`${tag}-staging`);
    await stack.up();
    const outputs = await opened.outputs();
    const { contents } = registry.cloud.registries;
    const pinned = contents.manifest({ registry: "whisper", repository: "api" }, "1.0-staging");
    expect(outputs.reference?.value).toBe(`${tag}-staging@${pinned?.digest}`);
    expect(outputs.tag?.value).toBe(`${tag}-staging`);
    writeFileSync(join(context, "main.py"), "print()\n");
    expect((await stack.preview()).changeSummary).toEqual({ same: 2, update: 2 });
  } finally {
    await opened.remove();
    await served.close();
    await registry.close();
    rmSync(context, { recursive: true, force: true });
  }
});
