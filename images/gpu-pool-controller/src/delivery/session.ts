import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";

/** What a droplet says of itself, before it is given anything. */
const greetingSchema = z.object({
  /** Its id, as its metadata has it. */
  droplet: z.number().int(),
  /** Its tags, as its metadata has them. */
  tags: z.array(z.string()),
  /** Digest of the bundle that it holds. */
  holds: z.string().nullable(),
  /** State of the worker's unit, in systemd's words. */
  worker: z.string(),
});

export type Greeting = z.infer<typeof greetingSchema>;

const receiptSchema = z.object({ holds: z.string().nullable() });
const faultSchema = z.object({ error: z.string() });

/** What a droplet is asked to do once it has said what it is: to take a bundle, or to give up its secrets and let its worker finish. */
export type Errand = { readonly deliver: string } | "drain";

/** A droplet could not be reached, or said something else than it should. */
export class SessionError extends Error {
  override readonly name = "SessionError";
}

/** Where and how a session is had. */
export interface SessionArgs {
  readonly host: string;
  readonly port: number;
  readonly account: string;
  /** File of the private key. */
  readonly keyFile: string;
  /** File that holds the droplet's host key; the key of a session is written there when it does not exist. */
  readonly hostKeyFile: string;
  readonly timeoutMs: number;
}

/** More than any droplet of ours says. */
const mostBytesHeard = 64 * 1024;

/** Digest by which droplet and deliverer speak of a bundle. */
export const digestOf = (bundle: string): string => createHash("sha256").update(bundle).digest("hex");

/**
 * A session over SSH with the program that keeps a droplet's secrets: hears its greeting, and asks of it what `decide`
 * says, if anything. A bundle goes through the session's pipe, and stands in no argument and no environment.
 *
 * @returns the greeting, with what the droplet holds afterwards
 */
export async function converse(
  args: SessionArgs,
  decide: (greeting: Greeting) => Promise<Errand | undefined>,
): Promise<Greeting> {
  const client = spawn("ssh", optionsOf(args), { stdio: ["pipe", "pipe", "pipe"] });
  const ended = once(client, "close");
  // An end that is told by `close` need not be told here again.
  client.stdin.on("error", () => undefined);
  let complaint = "";
  client.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-1000);
  });
  let heardBytes = 0;
  client.stdout.on("data", (chunk: Buffer) => {
    heardBytes += chunk.length;
    // Somebody who is no droplet of ours may talk without an end.
    if (heardBytes > mostBytesHeard) client.kill("SIGKILL");
  });
  const timer = setTimeout(() => client.kill("SIGKILL"), args.timeoutMs);
  try {
    const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
    const hear = async <T>(schema: z.ZodType<T>) => {
      const { value, done } = await lines.next();
      if (done === true) {
        await ended;
        throw new SessionError(complaint.trim() || "the session ended without a word");
      }
      return understood(schema, value);
    };
    const greeting = await hear(greetingSchema);
    const errand = await decide(greeting);
    if (errand === undefined) return greeting;
    client.stdin.write(requestOf(errand));
    const { holds } = await hear(receiptSchema);
    const expected = errand === "drain" ? null : digestOf(errand.deliver);
    if (holds !== expected) throw new SessionError("the droplet holds something else than it should now");
    return { ...greeting, holds };
  } finally {
    clearTimeout(timer);
    client.stdin.end();
    client.kill();
    await ended;
  }
}

/** How the droplet's program is asked. */
function requestOf(errand: Errand): string {
  if (errand === "drain") return `${JSON.stringify({ drain: true })}\n`;
  const { deliver: bundle } = errand;
  return `${JSON.stringify({ bytes: Buffer.byteLength(bundle), sha256: digestOf(bundle) })}\n${bundle}`;
}

function understood<T>(schema: z.ZodType<T>, line: string): T {
  const value = parsed(line);
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const fault = faultSchema.safeParse(value);
  throw new SessionError(
    fault.success ? `the droplet says: ${fault.data.error}` : "the answer is not understood",
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function optionsOf({ host, port, account, keyFile, hostKeyFile, timeoutMs }: SessionArgs): string[] {
  const options = {
    BatchMode: "yes",
    IdentitiesOnly: "yes",
    PreferredAuthentications: "publickey",
    UserKnownHostsFile: hostKeyFile,
    GlobalKnownHostsFile: "/dev/null",
    // The key is told by the droplet, whatever address it has: the file is one droplet's.
    HostKeyAlias: "droplet",
    HostKeyAlgorithms: "ssh-ed25519",
    // A key that the file does not have is written there, one that differs ends the session.
    StrictHostKeyChecking: "accept-new",
    UpdateHostKeys: "no",
    HashKnownHosts: "no",
    ConnectTimeout: String(Math.ceil(timeoutMs / 1000)),
    RequestTTY: "no",
    ClearAllForwardings: "yes",
    LogLevel: "ERROR",
  };
  return [
    ...["-F", "none", "-T", "-i", keyFile, "-p", String(port), "-l", account],
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    // The droplet runs one program, whatever is asked for.
    ...[host, "serve"],
  ];
}
