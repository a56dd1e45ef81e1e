import { registry } from "../support/registry.ts";

/** The account's registry of container images: an account has one here, and its path does not name it. */
export const containerRegistry = registry({
  type: "ContainerRegistry",
  path: "/v2/registry",
  pathOf: () => "/v2/registry",
});
