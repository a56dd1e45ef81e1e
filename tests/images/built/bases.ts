import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { baseImages } from "../../../catalog/images.ts";
import { imageReference } from "../../../components/image-reference.ts";
import { cacheDirectory, cached } from "../../../toolchain/cache.ts";
import type { Builder } from "./builder.ts";

/** What certificates this machine trusts, those that stand between it and the registries included. */
const authorities = "/etc/ssl/certs/ca-certificates.crt";

/** Debian's release that the bases of the catalogue are made of. */
const release = "trixie";
const npmVersion = "11.6.2";

/**
 * What stands in for the images that ours start from, where no registry of images can be reached: Debian of the same
 * release, with Debian's Python and npm's Node. Ubuntu's, which the workers without a GPU start from, is Debian too.
 */
export async function standInBases(builder: Builder): Promise<ReadonlyMap<string, string>> {
  await builder.run("add", "--quiet", await builder.run("from", "scratch"), await debian(), "/");
  await builder.run(
    "commit",
    "--quiet",
    "--disable-compression",
    "--rm",
    "working-container",
    "localhost/debian",
  );
  await builder.derive("localhost/debian", "localhost/python", addPython);
  await builder.derive("localhost/debian", "localhost/node", addNode);
  return new Map([
    [imageReference(baseImages.python), "localhost/python"],
    [imageReference(baseImages.node), "localhost/node"],
    [imageReference(baseImages.ubuntu), "localhost/debian"],
  ]);
}

/** Debian's files as an archive, from the cache, else from Debian's packages: half a minute. */
async function debian(): Promise<string> {
  const entry = { cache: cacheDirectory(), name: "debian", version: release };
  const folder = await cached(
    entry,
    async (directory) => {
      const packages = "ca-certificates,python3,python3-venv";
      await execa("mmdebstrap", [
        "--variant=minbase",
        `--include=${packages}`,
        `--customize-hook=upload ${authorities} ${authorities}`,
        release,
        join(directory, "debian.tar"),
      ]);
    },
    () => undefined,
  );
  return join(folder, "debian.tar");
}

async function addPython(root: string): Promise<void> {
  await symlink("/usr/bin/python3", join(root, "usr/local/bin/python"));
  await writeFile(join(root, "etc/pip.conf"), `[global]\ncert = ${authorities}\n`);
}

async function addNode(root: string): Promise<void> {
  const [nodeVersion = ""] = baseImages.node.tag.split("-");
  const folder = mkdtempSync(join(tmpdir(), "node-"));
  const unpack = async (name: string, into: string, ...paths: readonly string[]) => {
    await execa("npm", ["pack", "--silent", name], { cwd: folder });
    await mkdir(into, { recursive: true });
    const file = join(folder, `${name.replace("@", "-")}.tgz`);
    await execa("tar", ["--extract", "--file", file, "--directory", into, "--strip-components=1", ...paths]);
  };
  try {
    await unpack(`node-linux-${process.arch}@${nodeVersion}`, join(root, "usr/local"), "package/bin");
    await unpack(`npm@${npmVersion}`, join(root, "usr/local/lib/node_modules/npm"));
    await symlink("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
    await mkdir(join(root, "usr/local/etc"), { recursive: true });
    await writeFile(join(root, "usr/local/etc/npmrc"), `cafile=${authorities}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
