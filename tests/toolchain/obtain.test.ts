import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ToolchainError } from "../../toolchain/errors.ts";
import { obtain } from "../../toolchain/obtain.ts";
import { artefactOf, programSet, serve, temporaryDirectory, vendorArchive } from "./fixtures.ts";

describe("obtain", () => {
  it("downloads, checks and keeps just the programs, and asks the server once for many callers", async () => {
    const archive = await vendorArchive(["tool", "helper", "unwanted"]);
    let requests = 0;
    const base = await serve((_request, response) => {
      requests += 1;
      response.end(archive);
    });
    const cache = await temporaryDirectory();
    const set = programSet([artefactOf(`${base}/v.tar.gz`, archive, ["tool", "helper"])], ["tool", "helper"]);

    const folders = await Promise.all([1, 2, 3].map(() => obtain(set, { cache })));

    expect(new Set(folders).size).toBe(1);
    expect(requests).toBe(1);
    const [folder = ""] = folders;
    expect((await readdir(folder)).sort()).toEqual(["helper", "tool"]);
    expect(await readFile(join(folder, "tool"), "utf8")).toContain("echo tool");
  });

  it("throws away what differs from its checksum, and keeps nothing of it", async () => {
    const archive = await vendorArchive(["tool"]);
    const base = await serve((_request, response) =>
      response.end(Buffer.concat([archive, Buffer.from("x")])),
    );
    const cache = await temporaryDirectory();
    const set = programSet([artefactOf(`${base}/v.tar.gz`, archive, ["tool"])], ["tool"]);

    const error = await obtain(set, { cache }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ToolchainError);
    expect(String(error)).toMatch(/pinned is [0-9a-f]{64}: thrown away/);
    expect(await readdir(join(cache, set.name))).toEqual([]);
  });

  it.each([
    ["refuses", 503, /answered 503/],
    ["has no such file", 404, /answered 404/],
  ])("says which ways were closed and what to install when the server %s", async (_name, status, reason) => {
    const base = await serve((_request, response) => {
      response.statusCode = status;
      // As long as a vendor's error page: more than fits into the buffers on the way.
      response.end("x".repeat(2 ** 20));
    });
    const set = programSet([artefactOf(`${base}/v.tar.gz`, Buffer.from(""), ["tool"])], ["tool"]);

    const error = await obtain(set, { cache: await temporaryDirectory() }).catch((thrown: unknown) => thrown);

    expect(String(error)).toMatch(reason);
    expect(String(error)).toContain("the vendor's download");
    expect(String(error)).toContain("a build from Go modules");
    expect(String(error)).toContain("Install Go 1.26 or newer");
  });

  it("gives up a server that accepts and never answers, within seconds", async () => {
    const base = await serve(() => undefined);
    const set = programSet([artefactOf(`${base}/v.tar.gz`, Buffer.from(""), ["tool"])], ["tool"]);

    await expect(obtain(set, { cache: await temporaryDirectory() })).rejects.toThrow(/cannot be reached/);
  });

  it("gives up a server whose redirects lead nowhere, within the same time", async () => {
    const base = await serve((request, response) => {
      const hop = Number(request.url?.slice(1) ?? 0) + 1;
      setTimeout(() => response.writeHead(302, { location: `/${hop}` }).end(), 1_000);
    });
    const set = programSet([artefactOf(`${base}/0`, Buffer.from(""), ["tool"])], ["tool"]);

    await expect(obtain(set, { cache: await temporaryDirectory() })).rejects.toThrow(/no answer within 5 s/);
  });

  it("does not take an archive for complete that lacks a program", async () => {
    const archive = await vendorArchive(["tool"]);
    const base = await serve((_request, response) => response.end(archive));
    const set = programSet([artefactOf(`${base}/v.tar.gz`, archive, ["tool"])], ["tool", "helper"]);

    await expect(obtain(set, { cache: await temporaryDirectory() })).rejects.toThrow(/it lacks helper/);
  });
});
