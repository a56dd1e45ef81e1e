/** The stand-ins for the vendors' provider plugins, and the server that serves them. */
export { createDigitalOceanProvider, type DigitalOceanOptions } from "./digitalocean/provider.ts";
export { createDockerBuildProvider } from "./docker-build/provider.ts";
export { type CallInFlight, type ServedProvider, serveProvider } from "./kit/index.ts";
export { createKubernetesProvider } from "./kubernetes/provider.ts";
export { createRandomProvider } from "./random/provider.ts";
export { createTlsProvider } from "./tls/provider.ts";
