import { ProviderError } from "../../kit/errors.ts";

/** Which kind of object a type stands for. */
export interface ObjectKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const PACKAGE = "kubernetes";

/** Types of the package that are no objects of the API, and what to use in their place. */
const NOT_SERVED: readonly {
  readonly matches: (module: string, name: string) => boolean;
  readonly reason: string;
}[] = [
  {
    matches: (module) => module.startsWith("helm.sh/"),
    reason:
      "it renders charts, for which the vendor's plugin is needed; declare the chart's objects as typed resources",
  },
  {
    matches: (module) => /^(yaml|kustomize)(\/|$)/.test(module),
    reason:
      "it reads manifests, for which the vendor's plugin is needed; declare their objects as typed resources",
  },
  {
    matches: (module, name) => isModule(module) && name.endsWith("Patch"),
    reason:
      "it changes fields of an object that something else owns; declare the object itself, or use the vendor's plugin",
  },
  {
    matches: (module, name) => isModule(module) && name.endsWith("List"),
    reason: "lists exist for reading manifests and cannot be created; declare their members",
  },
];

/**
 * The kind a type's token stands for: `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:Secret`. Throws `ProviderError`
 * for the types of the package that are no objects of the API.
 */
export function parseTypeToken(token: string): ObjectKind {
  const [pkg, module = "", kind = ""] = token.split(":");
  const unserved = NOT_SERVED.find((each) => each.matches(module, kind));
  if (unserved !== undefined) {
    throw new ProviderError(
      `the sandbox's kubernetes provider does not serve the type ${token}: ${unserved.reason}`,
    );
  }
  if (pkg !== PACKAGE || !isModule(module) || kind === "") {
    throw new ProviderError(`${token} is no type of the form kubernetes:<group>/<version>:<Kind>`);
  }
  const slash = module.indexOf("/");
  const group = module.slice(0, slash);
  return { group: group === "core" ? "" : group, version: module.slice(slash + 1), kind };
}

/** The apiVersion that objects of the kind carry: `v1`, `apps/v1`. */
export function apiVersionOf(kind: Pick<ObjectKind, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** The kind an object says it is of. */
export function kindOf(object: { apiVersion: string; kind: string }): ObjectKind {
  const slash = object.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : object.apiVersion.slice(0, slash);
  return {
    group: group === "core" ? "" : group,
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
  };
}

function isModule(module: string): boolean {
  return /^[^/]+\/[^/]+$/.test(module);
}
