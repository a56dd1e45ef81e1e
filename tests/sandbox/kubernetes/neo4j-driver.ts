import dns from "node:dns";
import neo4j, { type Driver } from "neo4j-driver";
import { vi } from "vitest";
import { ensureNeo4j } from "../../../toolchain/neo4j.ts";

/** Whether there is a Neo4j to be had. Whoever has no Maven goes without; CI has one. */
export const neo4jIsToBeHad = await ensureNeo4j().then(
  () => true,
  (error: unknown) => {
    if (process.env.CI === "true") throw error;
    return false;
  },
);

/** How the application reaches a Neo4j, and where that is here. */
interface Way {
  /** @example "neo4j://graph.stores.svc.cluster.local:7687" */
  readonly uri: string;
  readonly password: string;
  /** File with the PEM of the stack's authority, which alone is believed. */
  readonly authorityFile: string;
  /** Of the pod's server, as `host:port`: where names of the cluster lead to, as a line in /etc/hosts does on a laptop. */
  readonly address: string;
}

/** A client as the application is one: it calls the server by its name. Closed by the caller, who also restores the mocks. */
export function neo4jDriver({ uri, password, authorityFile, address: whole }: Way): Driver {
  const [address = ""] = whole.split(":");
  vi.restoreAllMocks();
  const others = dns.lookup as (...words: unknown[]) => void;
  const lookup = (name: string, options: unknown, ...rest: unknown[]) => {
    const [done] = rest;
    if (typeof done !== "function" || !name.endsWith(".svc.cluster.local")) others(name, options, ...rest);
    else done(null, [{ address, family: 4 }]);
  };
  vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup);
  return neo4j.driver(uri, neo4j.auth.basic("neo4j", password), {
    encrypted: "ENCRYPTION_ON",
    trust: "TRUST_CUSTOM_CA_SIGNED_CERTIFICATES",
    trustedCertificates: [authorityFile],
    connectionTimeout: 200_000,
    connectionAcquisitionTimeout: 200_000,
  });
}
