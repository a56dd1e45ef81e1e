import { readFileSync } from "node:fs";
import { unitFile } from "./unit-file.ts";

/** Where the worker's secrets are on a droplet: in memory, so that a droplet that is off holds none. */
export const secretsFolder = "/run/whisper-secrets";

/** Files of the worker's secrets, by their place below `current`. */
export const secretFiles = {
  /** `NAME=value` lines for the worker's container. */
  environment: "worker.env",
  /** Credentials for the registry, as Docker keeps them. */
  registry: "docker/config.json",
} as const;

/** Where one of the {@link secretFiles} is read. */
export const secretPath = (file: string): string => `${secretsFolder}/current/${file}`;

/** Account of a droplet that takes secrets in. It can do nothing else. */
export const secretsAccount = "whisper-secrets";

/** The program that takes them in. */
export const secretsProgram = {
  path: "/usr/local/sbin/whisper-secrets",
  text: readFileSync(new URL("whisper-secrets.py", import.meta.url), "utf8"),
} as const;

/** File with the public key of whoever delivers secrets. */
export const deliveryKeysFile = "/etc/ssh/whisper-secrets.keys";

/** Files that a whole pool's secrets are made of, by name, as {@link secretsProgram} takes them. */
export type SecretsBundle = Readonly<Record<(typeof secretFiles)[keyof typeof secretFiles], string>>;

/** What {@link deliveryAccess} depends on. */
export interface DeliveryAccess {
  readonly account: string;
  readonly keysFile: string;
  /** What a session runs, whatever it asks for. */
  readonly command: string;
}

/** Configuration of sshd that lets one account in by key, to run one program. */
export function deliveryAccess({ account, keysFile, command }: DeliveryAccess): string {
  return [
    `Match User ${account}`,
    `  AuthorizedKeysFile ${keysFile}`,
    "  AuthenticationMethods publickey",
    `  ForceCommand ${command}`,
    "  DisableForwarding yes",
    "  PermitTTY no",
    "  PermitUserRC no",
    "  MaxSessions 1",
    // What follows in other files is for everybody again.
    "Match all",
    "",
  ].join("\n");
}

/** The line of {@link deliveryKeysFile} for a key. */
export const deliveryKey = (publicKey: string): string => `restrict ${publicKey.trim()}\n`;

/** Makes the folder at every start: it is in memory. */
export const secretsTmpfiles = `d ${secretsFolder} 0700 ${secretsAccount} ${secretsAccount} -\n`;

/** The systemd path unit that notices a delivery, which ends with this file. */
export function deliveredPath(): string {
  return unitFile({
    Unit: { Description: "Secrets of the Whisper worker" },
    Path: { PathChanged: `${secretsFolder}/delivered`, Unit: "whisper-delivered.service" },
    Install: { WantedBy: "multi-user.target" },
  });
}

/**
 * The systemd service that starts the worker with what was delivered: one that runs may finish its job first. Where the
 * secrets were given up, the worker's own condition keeps it from starting again.
 */
export function deliveredService(): string {
  return unitFile({
    Unit: { Description: "Start of the Whisper worker with new secrets" },
    Service: {
      Type: "oneshot",
      // The next delivery is not missed while the worker finishes its job.
      ExecStart: "/usr/bin/systemctl --no-block restart whisper-worker.service",
    },
  });
}
