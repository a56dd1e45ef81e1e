import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { deliveryAccess, deliveryKey, secretsProgram } from "../../../components/gpu-pool/worker-secrets.ts";

const sshd = "/usr/sbin/sshd";

/** Whether there is an SSH server on this machine; CI's set-up installs it. */
export const sshdIsHere = spawnSync(sshd, ["-V"]).error === undefined;

/** Makes a key pair, and returns the file of its private half; the public one has `.pub` behind it. */
export function makeKey(folder: string, name: string): string {
  const file = join(folder, name);
  rmSync(file, { force: true });
  const made = spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
  if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`);
  return file;
}

/** What a droplet's metadata says when it is asked. */
export interface Metadata {
  readonly id: number;
  readonly tags: readonly string[];
}

/**
 * A droplet, as far as whoever delivers secrets meets it: a real sshd with the configuration that droplets get, on a port of
 * loopback, the program that keeps their secrets, and a metadata service.
 */
export async function dropletHost(deliveryPublicKey: string, metadata: () => Promise<Metadata>) {
  const folder = mkdtempSync(join(tmpdir(), "droplet-"));
  const secrets = join(folder, "secrets");
  const state = join(folder, "worker-state");
  const log: string[] = [];
  let sessions = 0;
  const boot = () => {
    rmSync(secrets, { recursive: true, force: true });
    mkdirSync(secrets, { mode: 0o700 });
  };
  boot();
  writeFileSync(state, "active\n");
  makeKey(folder, "host-key");
  const metadataServer = createHttpServer(async ({ url }, response) => {
    const { id, tags } = await metadata();
    response.end(url === "/id" ? String(id) : tags.join("\n"));
  });
  const metadataPort = await listening(metadataServer);
  const program = join(folder, "whisper-secrets");
  const install = (text: string) => writeFileSync(program, text, { mode: 0o700 });
  install(secretsProgram.text);
  const keysFile = join(folder, "keys");
  writeFileSync(keysFile, deliveryKey(deliveryPublicKey));
  const configuration = join(folder, "sshd_config");
  const options = `--folder ${secrets} --metadata http://127.0.0.1:${metadataPort} --worker-state 'cat ${state}'`;
  writeFileSync(
    configuration,
    [
      `HostKey ${join(folder, "host-key")}`,
      "PidFile none",
      "LogLevel DEBUG3",
      // The folder of the test belongs to whoever runs it.
      "StrictModes no",
      "PasswordAuthentication no",
      deliveryAccess({ account: userInfo().username, keysFile, command: `${program} serve ${options}` }),
    ].join("\n"),
  );
  // It wants the folder of its service, whatever it is started by.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });

  const children = new Set<ReturnType<typeof spawn>>();
  // As inetd would: one server for each connection, so that the port is the kernel's choice.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sessions += 1;
    const child = spawn(sshd, ["-i", "-e", "-f", configuration], { stdio: [socket, socket, "pipe"] });
    children.add(child);
    child.stderr?.on("data", (chunk: Buffer) => log.push(chunk.toString()));
    child.on("close", () => {
      children.delete(child);
      socket.destroy();
    });
  });
  const port = await listening(server);

  return {
    folder,
    configuration,
    /** Where its SSH answers. */
    at: { host: "127.0.0.1", port },
    /** Everything that its SSH server says. */
    log: () => log.join(""),
    /** Connections that came in. */
    sessions: () => sessions,
    /** Where a worker would find its secrets. */
    secretFile: (name: string) => join(secrets, "current", name),
    read: (name: string) => readFileSync(join(secrets, "current", name), "utf8"),
    /** Every file below its secrets, with its mode. */
    files: () =>
      readdirSync(secrets, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          return { name: entry.name, mode: statSync(path).mode & 0o777, content: readFileSync(path, "utf8") };
        }),
    /** Whether it has secrets in force. */
    isSupplied: () => existsSync(join(secrets, "current")),
    /** What systemd says of its worker. */
    setWorker: (text: string) => writeFileSync(state, `${text}\n`),
    /** The program that keeps its secrets is another one. */
    install,
    /** What is in memory is gone. */
    reboot: boot,
    /** Another machine answers from now on. */
    changeHostKey: () => void makeKey(folder, "host-key"),
    close: async () => {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all([server, metadataServer].map(closed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type DropletHost = Awaited<ReturnType<typeof dropletHost>>;

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

const closed = (server: Server) => new Promise((resolve) => server.close(resolve));
