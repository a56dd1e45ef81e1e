import { type Endpoint, endpoint } from "../../endpoint.ts";
import { found, notFound } from "../../errors.ts";
import { registryCollection } from "./model.ts";

const noRepository = "There is no such repository: the sandbox's registries hold no images.";

/** Repositories of registries, below `/v2/registry` or `/v2/registries`: nothing can be pushed, so there are none. */
export function repositoryEndpoints(base: "/v2/registry" | "/v2/registries"): Endpoint[] {
  const repositories = `${base}/{registry_name}/repositories` as const;
  const repository = `${repositories}/{repository_name}` as const;
  return [
    listing(`${base}/{registry_name}/repositoriesV2`),
    ...(base === "/v2/registry" ? [listing(repositories)] : [missing("DELETE", repository)]),
    missing("GET", `${repository}/tags`),
    missing("GET", `${repository}/digests`),
    missing("DELETE", `${repository}/tags/{repository_tag}`),
    missing("DELETE", `${repository}/digests/{manifest_digest}`),
  ];
}

function listing(path: `${string}/{registry_name}/${string}`): Endpoint {
  return endpoint({
    method: "GET",
    path,
    handle: ({ cloud, params, page }) => {
      const names: Readonly<Record<string, string>> = params;
      found(registryCollection(cloud.store).get(names.registry_name ?? ""));
      return page("repositories", []);
    },
  });
}

function missing(method: "GET" | "DELETE", path: string): Endpoint {
  return endpoint({
    method,
    path,
    handle: () => {
      throw notFound(noRepository);
    },
  });
}
