import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, shortened. */
  readonly command: string;
}

/**
 * Who listens on a loopback port, as far as this user may see it.
 *
 * @param port TCP port.
 */
export function portHolder(port: number): PortHolder | undefined {
  const pid = process.platform === "linux" ? linuxHolder(port) : lsofHolder(port);
  return pid === undefined ? undefined : { pid, command: commandOf(pid) };
}

const listening = "0A";

function linuxHolder(port: number): number | undefined {
  const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    read(table)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(
        (fields) => fields[3] === listening && Number.parseInt(fields[1]?.split(":")[1] ?? "", 16) === port,
      )
      .map((fields) => `socket:[${fields[9]}]`),
  );
  if (inodes.length === 0) return undefined;
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => entries(`/proc/${pid}/fd`).some((fd) => inodes.includes(link(`/proc/${pid}/fd/${fd}`))));
}

function lsofHolder(port: number): number | undefined {
  try {
    const pids = execFileSync("lsof", ["-t", "-nP", `-iTCP:${port}`, "-sTCP:LISTEN"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number.parseInt(pids, 10) || undefined;
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  if (process.platform === "linux") return shorten(read(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
  try {
    return shorten(execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }));
  } catch {
    return "";
  }
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text).trim();

/** A process may end, or belong to somebody else, while it is looked at: what cannot be read is empty. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
