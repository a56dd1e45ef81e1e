import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { ImageConfig } from "./builder.ts";

/** How an image is run. */
export interface Run {
  /** The image's files. */
  readonly root: string;
  readonly config: ImageConfig;
  /** In place of the image's own command. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders that it may write to, beside `/tmp`; anybody may, as in a volume of Kubernetes' (`emptyDir`). */
  readonly writable?: readonly string[];
  /** Folders of this machine that it sees, by where. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** A program of an image, at work. */
export interface RunningContainer {
  /** Everything it said so far. */
  output(): string;
  /** Asks the image's health check until it is content. @throws Error when it ends before, with what it said */
  healthy(): Promise<void>;
  /** Its users and rights, by the kernel. */
  status(): { readonly uids: string; readonly capabilities: string };
  /** Waits for it to end by itself. @returns its exit code */
  ended(): Promise<number | null>;
  /** Tells it to stop, as a runtime does, and kills it when that takes too long. @returns its exit code: 137 when killed */
  stop(withinMs: number): Promise<number | null>;
}

/**
 * Runs as a container's runtime does, with what the kernel has: the first process of its own table, the image's files for
 * reading alone, the image's user without capabilities and without a way to get any, its environment and folder. The
 * network is this machine's.
 */
export async function runContainer({
  root,
  config,
  command = config.Cmd,
  environment = {},
  writable = [],
  mounts = {},
}: Run): Promise<RunningContainer> {
  const variables = [
    ...config.Env,
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
  ];
  const script = [
    "set -e",
    'mount --bind "$0" "$0"',
    'mount -o remount,bind,ro "$0"',
    'mount -t proc proc "$0/proc"',
    'mount --rbind /dev "$0/dev"',
    ...["/tmp", ...writable].map((folder) => `mount -t tmpfs -o mode=1777 tmpfs "$0${folder}"`),
    ...Object.entries(mounts).map(([inside, outside]) => `mount --bind ${outside} "$0${inside}"`),
    'exec chroot "$@"',
  ].join("\n");
  const [uid = "", gid = ""] = config.User.split(":");
  const place = ["/usr/bin/env", "--ignore-environment", `--chdir=${config.WorkingDir}`, ...variables];
  const rights = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--no-new-privs",
    "--bounding-set=-all",
  ];
  const entry = [root, "/usr/bin/setpriv", ...rights, "--", ...place, ...command];
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child"];
  const holder = spawn("unshare", [...namespaces, "sh", "-c", script, root, ...entry], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [holder.stdout, holder.stderr]) {
    stream.on("data", (text: Buffer) => {
      said += text.toString();
    });
  }
  const ended = once(holder, "exit");
  const program = () => Number(readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, "utf8"));
  const ask = async (): Promise<boolean> => {
    const [, ...check] = config.Healthcheck.Test;
    const inside = [
      "--target",
      String(program()),
      "--mount",
      "--pid",
      "--root",
      "--setgid",
      gid,
      "--setuid",
      uid,
    ];
    return (await execa("nsenter", [...inside, "--", ...place, ...check], { reject: false })).exitCode === 0;
  };
  return {
    output: () => said,
    healthy: async () => {
      while (holder.exitCode === null) {
        if (await ask()) return;
        await sleep(200);
      }
      throw new Error(`it ended before it was well:\n${said}`);
    },
    status: () => {
      const status = readFileSync(`/proc/${program()}/status`, "utf8");
      const line = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
      return { uids: line("Uid"), capabilities: line("CapBnd") };
    },
    ended: async () => {
      await ended;
      return holder.exitCode;
    },
    stop: async (withinMs) => {
      const signal = (name: NodeJS.Signals) => holder.exitCode === null && process.kill(program(), name);
      signal("SIGTERM");
      const killer = setTimeout(() => signal("SIGKILL"), withinMs);
      await ended;
      clearTimeout(killer);
      return holder.exitCode;
    },
  };
}
