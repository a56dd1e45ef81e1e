import { afterEach, describe, expect, it, vi } from "vitest";
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

afterEach(() => vi.unstubAllEnvs());

describe("the provider's configuration", () => {
  it("takes flags as text, and none from the environment of the sandbox, which is not the command's", () => {
    vi.stubEnv("PULUMI_K8S_DELETE_UNREACHABLE", "true");
    expect(readConfiguration({ enablePatchForce: "false", enableConfigMapMutable: "true" })).toMatchObject({
      deleteUnreachable: false,
      enablePatchForce: false,
      enableConfigMapMutable: true,
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

  it("refuses a kubeconfig that asks for a program, a file or another machine, in the preview already", () => {
    const kubeconfig = JSON.parse(kubeconfigOf("https://cluster.example.com"));
    kubeconfig.clusters[0].cluster["certificate-authority"] = "/etc/passwd";
    kubeconfig.users[0].user = { exec: { command: "doctl" }, tokenFile: "/etc/passwd" };
    expect(checkConfiguration({ kubeconfig: JSON.stringify(kubeconfig) })).toEqual([
      { path: ["kubeconfig"], reason: expect.stringContaining("leads to https://cluster.example.com") },
      { path: ["kubeconfig"], reason: expect.stringContaining('the program "doctl"') },
      { path: ["kubeconfig"], reason: expect.stringContaining("a file (certificate-authority)") },
      { path: ["kubeconfig"], reason: expect.stringContaining("a file (tokenFile)") },
    ]);
    for (const server of ["https://127.0.0.1:6443", "http://[::1]:1", "https://localhost"]) {
      expect(checkConfiguration({ kubeconfig: at(server) })).toEqual([]);
    }
    expect(checkConfiguration({ kubeconfig: UNKNOWN })).toEqual([]);
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
