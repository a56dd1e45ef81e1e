import { describe, expect, it } from "vitest";
import { type PropertyMap, Secret, UNKNOWN } from "../../../../sandbox/providers/kit/values.ts";
import {
  checkConfiguration,
  diffConfiguration,
  readConfiguration,
} from "../../../../sandbox/providers/kubernetes/configuration.ts";
import { kubeconfigOf } from "./api-server.ts";

const replaced = (oldInputs: PropertyMap, newInputs: PropertyMap) =>
  diffConfiguration({ oldInputs, newInputs })
    .properties.filter(({ replace }) => replace)
    .map(({ path }) => path[0]);
const at = (server: string, options = {}) => new Secret(kubeconfigOf(server, options));

describe("the provider's configuration", () => {
  it("takes flags as text or from the environment, the configuration first", () => {
    const variables = { PULUMI_K8S_DELETE_UNREACHABLE: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
    expect(
      readConfiguration({ deleteUnreachable: "false", enableConfigMapMutable: "true" }, variables),
    ).toMatchObject({
      deleteUnreachable: false,
      enablePatchForce: true,
      enableConfigMapMutable: true,
      enableServerSideApply: true,
    });
  });

  it("refuses what the sandbox cannot do, all at once", () => {
    const failures = checkConfiguration({
      renderYamlToDirectory: "out",
      enableServerSideApply: "false",
      context: "c",
    });
    expect(failures.map((failure) => failure.path[0]).sort()).toEqual([
      "enableServerSideApply",
      "renderYamlToDirectory",
    ]);
    expect(checkConfiguration({ alwaysRender: "false", enableServerSideApply: "true" })).toEqual([]);
  });

  it("replaces what it made when it leads to another cluster, not when its credentials change", () => {
    expect(replaced({ kubeconfig: at("https://a") }, { kubeconfig: at("https://b") })).toEqual([
      "kubeconfig",
    ]);
    expect(
      replaced({ kubeconfig: at("https://a") }, { kubeconfig: at("https://a", { token: "new" }) }),
    ).toEqual([]);
    expect(replaced({ kubeconfig: at("https://a") }, { kubeconfig: UNKNOWN })).toEqual(["kubeconfig"]);
    expect(replaced({ namespace: "a" }, { namespace: "b" })).toEqual([]);
  });

  it("goes by clusterIdentifier alone when both name one", () => {
    const identified = (server: string, clusterIdentifier: string) => ({
      kubeconfig: at(server),
      clusterIdentifier,
    });
    expect(replaced(identified("https://a", "1"), identified("https://b", "1"))).toEqual([]);
    expect(replaced(identified("https://a", "1"), identified("https://a", "2"))).toEqual([
      "clusterIdentifier",
    ]);
  });
});
