import { type SandboxRecord, type Service, services, serviceTitles } from "../../../sandbox/daemon/record.ts";

/** Where each server of the sandbox listens. */
export const endpoints = ({ ports }: Pick<SandboxRecord, "ports">): Record<Service, string> => ({
  api: `http://127.0.0.1:${ports.api}`,
  spaces: `http://127.0.0.1:${ports.spaces}`,
  registry: `127.0.0.1:${ports.registry}`,
  digitalocean: `127.0.0.1:${ports.digitalocean}`,
  kubernetes: `127.0.0.1:${ports.kubernetes}`,
  random: `127.0.0.1:${ports.random}`,
  tls: `127.0.0.1:${ports.tls}`,
  "docker-build": `127.0.0.1:${ports["docker-build"]}`,
  admin: `http://127.0.0.1:${ports.admin}`,
});

/** The same for people, a line each. */
export function endpointsText(record: Pick<SandboxRecord, "ports">): string {
  const all = endpoints(record);
  const width = Math.max(...services.map((service) => serviceTitles[service].length));
  return services.map((service) => `  ${serviceTitles[service].padEnd(width)}  ${all[service]}`).join("\n");
}
