import { registry } from "../support/registry.ts";

/** One of an account's registries of container images, by its name; all share the account's subscription. */
export const containerRegistries = registry({
  type: "ContainerRegistries",
  path: "/v2/registries",
  pathOf: (id) => `/v2/registries/${encodeURIComponent(id)}`,
});
