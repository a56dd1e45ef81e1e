import { diffProperties } from "../kit/diff.ts";
import type { DiffRequest, DiffResult } from "../kit/provider.ts";
import { type PropertyMap, type PropertyValue, Unknown, withoutSecrets } from "../kit/values.ts";
import { type AccessOptions, accessRefusals, clusterIdentity } from "./cluster/access.ts";

/** The provider's configuration, as `@pulumi/kubernetes` names it. */
export interface KubernetesConfiguration {
  readonly access: AccessOptions;
  /** For objects that name none. Default: the namespace of the kubeconfig's context, else `default`. */
  readonly namespace: string | undefined;
  /** Take fields over from other managers, always. Default: false. */
  readonly enablePatchForce: boolean;
  /** Creating an object that is there already changes that one. Default: false. */
  readonly upsertExistingObjects: boolean;
  /** A changed ConfigMap is updated in place, not replaced. Default: false. */
  readonly enableConfigMapMutable: boolean;
  /** A changed Secret is updated in place, not replaced. Default: false. */
  readonly enableSecretMutable: boolean;
  /** Objects of a cluster that cannot be reached count as deleted. Default: false. */
  readonly deleteUnreachable: boolean;
  /** Objects of a cluster that cannot be reached are left as they are. Default: false. */
  readonly skipUpdateUnreachable: boolean;
}

/** Options of the vendor's plugin that this provider does not have: asking for them is refused, not ignored. */
const NOT_SERVED: readonly string[] = ["renderYamlToDirectory", "alwaysRender"];

/**
 * Reads the configuration. The variables that the vendor's plugin falls back to (`PULUMI_K8S_...`) are not looked at: this
 * process has been running since before the command they would be set for.
 */
export function readConfiguration(config: PropertyMap): KubernetesConfiguration {
  const flag = (name: string): boolean => text(config[name]) === "true";
  return {
    access: accessOptions(config),
    namespace: text(config.namespace),
    enablePatchForce: flag("enablePatchForce"),
    upsertExistingObjects: flag("upsertExistingObjects"),
    enableConfigMapMutable: flag("enableConfigMapMutable"),
    enableSecretMutable: flag("enableSecretMutable"),
    deleteUnreachable: flag("deleteUnreachable"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable"),
  };
}

/** What the sandbox cannot do for the configuration given, each with its property. */
export function checkConfiguration(config: PropertyMap): { path: string[]; reason: string }[] {
  const unserved = NOT_SERVED.filter((name) => isAsked(config[name])).map((name) => ({
    path: [name],
    reason: "is not served by the sandbox's kubernetes provider: leave it out, or use the vendor's plugin",
  }));
  const clientSide =
    text(config.enableServerSideApply) === "false"
      ? [
          {
            path: ["enableServerSideApply"],
            reason:
              "must be true: the sandbox's kubernetes provider changes objects by server-side apply only",
          },
        ]
      : [];
  const access = accessRefusals(accessOptions(config)).map((reason) => ({ path: ["kubeconfig"], reason }));
  return [...unserved, ...clientSide, ...access];
}

/**
 * Compares two configurations. Objects are replaced only when the provider leads to another cluster: another entry of the
 * kubeconfig, or, when both name one, another `clusterIdentifier`. New credentials for the same cluster are an update.
 */
export function diffConfiguration({
  oldInputs,
  newInputs,
}: Pick<DiffRequest, "oldInputs" | "newInputs">): DiffResult {
  const names = diffProperties(oldInputs, newInputs).map((change) => String(change.path[0]));
  const changed = [...new Set(names)];
  const replacing = new Set(replacingProperties(oldInputs, newInputs, changed));
  return {
    changed: changed.length > 0,
    properties: changed.map((name) => ({
      path: [name],
      kind: oldInputs[name] === undefined ? "add" : newInputs[name] === undefined ? "delete" : "update",
      replace: replacing.has(name),
    })),
    deleteBeforeReplace: false,
    stables: [],
  };
}

const LEADS_TO_CLUSTER: readonly string[] = ["kubeconfig", "context", "cluster"];

function replacingProperties(olds: PropertyMap, news: PropertyMap, changed: readonly string[]): string[] {
  const [before, after] = [text(olds.clusterIdentifier), text(news.clusterIdentifier)];
  if (before !== undefined && after !== undefined) return before === after ? [] : ["clusterIdentifier"];
  const unknown = LEADS_TO_CLUSTER.filter((name) => withoutSecrets(news[name] ?? null) instanceof Unknown);
  if (unknown.length > 0) return unknown;
  const [from, to] = [clusterIdentity(accessOptions(olds)), clusterIdentity(accessOptions(news))];
  if (from === undefined || to === undefined || from === to) return [];
  return changed.filter((name) => LEADS_TO_CLUSTER.includes(name));
}

function accessOptions(config: PropertyMap): AccessOptions {
  return {
    kubeconfig: text(config.kubeconfig),
    context: text(config.context),
    cluster: text(config.cluster),
  };
}

/** Text of a property; the engine sends other types as JSON text, and empty text for what is not there. */
function text(value: PropertyValue | undefined): string | undefined {
  const plain = withoutSecrets(value ?? null);
  if (plain === null || plain === "" || plain instanceof Unknown) return undefined;
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}

function isAsked(value: PropertyValue | undefined): boolean {
  const given = text(value);
  return given !== undefined && given !== "false";
}
