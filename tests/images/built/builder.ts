import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** What an image says of itself: the part of its configuration that decides how it runs. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** What is built, and of what. */
export interface Build {
  /** Name of the result. */
  readonly tag: string;
  readonly dockerfile: string;
  readonly context: string;
  /** What stands in for each image that the Dockerfile starts from. */
  readonly bases: ReadonlyMap<string, string>;
  readonly buildArguments?: Readonly<Record<string, string>>;
}

/** Credentials of a registry on loopback. */
export interface RegistryLogin {
  /** E.g. `127.0.0.1:5000`. */
  readonly host: string;
  readonly token: string;
}

/**
 * buildah, Debian's builder of Dockerfiles, with a store of its own. It needs no daemon; commands of a build run in a chroot
 * with the network of this machine, so it takes root.
 */
export class Builder {
  readonly folder = mkdtempSync(join(tmpdir(), "images-"));

  /** Runs buildah. @returns what it says */
  async run(...args: readonly string[]): Promise<string> {
    const store = ["--root", join(this.folder, "store"), "--runroot", join(this.folder, "run")];
    // Its caches too go into the folder that is removed.
    const { stdout } = await execa("buildah", [...store, ...args], { env: { TMPDIR: this.folder } });
    return stdout.trim();
  }

  /**
   * Changes an image by hand.
   *
   * @param change Gets the image's file system.
   */
  async derive(from: string, name: string, change: (root: string) => Promise<void>): Promise<void> {
    const container = await this.run("from", "--pull-never", from);
    await change(await this.run("mount", container));
    await this.run("umount", container);
    await this.run("commit", "--quiet", "--disable-compression", "--rm", container, name);
  }

  /** Builds for this machine's platform, in Docker's format: OCI's has no health checks. */
  async build({ tag, dockerfile, context, bases, buildArguments = {} }: Build): Promise<void> {
    const text = await readFile(dockerfile, "utf8");
    const file = join(this.folder, "Dockerfile");
    // Debian's buildah (1.28) waits for ever for a cache that the stage before it had locked.
    await writeFile(file, text.replaceAll(",sharing=locked", ""));
    const ignored = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find(existsSync);
    await this.run(
      "build",
      ...["--isolation", "chroot", "--network", "host", "--format", "docker", "--pull-never"],
      ...(ignored === undefined ? [] : ["--ignorefile", ignored]),
      ...[...bases].flatMap(([base, place]) => ["--build-context", `${base}=docker-image://${place}`]),
      ...Object.entries(buildArguments).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      ...["--file", file, "--tag", tag, context],
    );
  }

  /** What an image says of itself. */
  async configOf(name: string): Promise<ImageConfig> {
    return JSON.parse(await this.run("inspect", "--type", "image", name)).Docker.config;
  }

  /** An image's files, for reading. */
  async filesOf(name: string): Promise<string> {
    return this.run("mount", await this.run("from", "--pull-never", name));
  }

  /** @returns the digest under which the registry has it */
  async push(name: string, { host, token }: RegistryLogin, reference: string): Promise<string> {
    const file = join(this.folder, "digest");
    const login = ["--tls-verify=false", "--creds", `${token}:${token}`];
    await this.run("push", "--quiet", ...login, "--digestfile", file, name, `docker://${host}/${reference}`);
    return readFile(file, "utf8");
  }

  /** Gets an image by what the registry has. @returns its name here */
  async pull({ host, token }: RegistryLogin, reference: string): Promise<string> {
    const login = ["--tls-verify=false", "--creds", `${token}:${token}`];
    return this.run("pull", "--quiet", ...login, `docker://${host}/${reference}`);
  }

  /** Removes everything that was built. */
  async remove(): Promise<void> {
    await this.run("rm", "--all");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
