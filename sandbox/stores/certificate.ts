/** The certificate of a server, signed by the authority that the API hands out. */
import { existsSync } from "node:fs";
import { replaceFile } from "../home.ts";
import type { StoreSpec } from "./runtime.ts";

/** Makes certificate and key the first time; what is there is kept. */
export async function ensureCertificate(
  { place, authority, name }: StoreSpec,
  files: { readonly certificate: string; readonly key: string },
): Promise<void> {
  if (existsSync(files.certificate)) return;
  // Loaded for a new store only: the library is of no use to a daemon that resumes what it has.
  const { fromPem, issueServing } = await import("../certificates.ts");
  const ipAddresses = [place.publicHost, place.privateHost, place.serverHost];
  const made = await issueServing(name, await fromPem(authority), { dnsNames: [], ipAddresses });
  replaceFile(files.key, made.key);
  // Written last, so that it stands for both.
  replaceFile(files.certificate, made.certificate);
}
