import type { PolicyResource } from "@pulumi/policy";
import { kubernetesMinor } from "../../catalog/kubernetes.ts";
import { type EndedApi, endedApis } from "../../catalog/kubernetes-apis.ts";

const cluster = "digitalocean:index/kubernetesCluster:KubernetesCluster";

/** An object that is written in an API that ends. */
interface Outdated {
  readonly urn: string;
  readonly api: EndedApi;
}

/** What a stack asks for in an API that has ended, or will, by the version of its cluster. */
export function outdatedIn(
  resources: readonly PolicyResource[],
  isOutdated: (api: EndedApi, clusterMinor: string) => boolean,
): Outdated[] {
  const ending = resources.flatMap(({ urn, type }) => {
    const api = endedByType.get(type);
    return api === undefined ? [] : [{ urn, api }];
  });
  // The version matters to none else, and then it has to be known.
  if (ending.length === 0) return [];
  const minor = minorOf(resources);
  return ending.filter(({ api }) => isOutdated(api, minor));
}

/** The oldest version of the stack's clusters; the pinned one where there is none. */
function minorOf(resources: readonly PolicyResource[]): string {
  const minors = resources.flatMap(({ type, props }) =>
    type === cluster ? (/^\d+\.\d+/.exec(String(props.version)) ?? []) : [],
  );
  return minors.sort((one, other) => (reached(one, other) ? 1 : -1))[0] ?? kubernetesMinor;
}

/** Whether a minor version, such as `1.36`, is another or later. */
export function reached(minor: string, since: string): boolean {
  const [number, other] = [minor, since].map((version) => Number(version.split(".")[1]));
  return Number(number) >= Number(other);
}

/** By Pulumi's type token, of patches too. */
const endedByType: ReadonlyMap<string, EndedApi> = new Map(
  endedApis.flatMap((api) =>
    api.kinds.flatMap((kind) => {
      const group = api.apiVersion.includes("/") ? api.apiVersion : `core/${api.apiVersion}`;
      return ["", "Patch"].map(
        (suffix) => [`kubernetes:${group}:${kind}${suffix}`, api] as [string, EndedApi],
      );
    }),
  ),
);
