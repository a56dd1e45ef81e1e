import { createServer } from "node:net";
import { expect, it } from "vitest";
import { becomesFree, chooseFreePort } from "../../sandbox/ports.ts";

it("are free when chosen, and known to be taken when they are", async () => {
  const port = await chooseFreePort(new Set());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect(await becomesFree(port, 0)).toBe(false);
  const freed = becomesFree(port, 60_000);
  server.close();
  expect(await freed).toBe(true);
});
