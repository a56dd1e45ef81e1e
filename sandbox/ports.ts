/** Ports that are chosen once and kept: kubeconfigs and shells remember them. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Below the range from which systems take local ports for whoever names none, so that the port of what is stopped stays free. */
const FIRST_PORT = 20_000;
const LAST_PORT = 30_000;
const ATTEMPTS = 100;

/** Whether a server could listen on this port now. @param host Default: 127.0.0.1. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Waits until a port is free; a process that was just killed holds its port a moment longer. */
export async function becomesFree(port: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isPortFree(port))) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/**
 * A free port that is not among `reserved`.
 * @throws when none was found
 */
export async function chooseFreePort(reserved: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (!reserved.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(
    `No free port between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1 in ${ATTEMPTS} attempts: end programs that listen there, then try again.`,
  );
}
