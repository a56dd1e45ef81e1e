import { expect, it } from "vitest";
import { kubernetesMinor } from "../../catalog/kubernetes.ts";
import { endedApis } from "../../catalog/kubernetes-apis.ts";

const minor = (version: string) => Number(version.split(".")[1]);

it.each(endedApis)("$apiVersion $kinds ends after it is said to end, and not in itself", (api) => {
  const { apiVersion, kinds, deprecatedIn, removedIn, instead } = api;
  expect(apiVersion).toMatch(/^([a-z0-9.]+\/)?v\d+((alpha|beta)\d+)?$/);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(minor(deprecatedIn)).toBeGreaterThan(0);
  if (removedIn !== undefined) expect(minor(removedIn)).toBeGreaterThan(minor(deprecatedIn));
  if (instead !== undefined) expect(endedApis.some((other) => other.apiVersion === instead)).toBe(false);
});

it("each kind of each version stands there once", () => {
  const all = endedApis.flatMap(({ apiVersion, kinds }) => kinds.map((kind) => `${apiVersion} ${kind}`));
  expect(new Set(all).size).toBe(all.length);
});

it("our own version is among those it speaks of", () => {
  expect(endedApis.some(({ deprecatedIn }) => minor(deprecatedIn) <= minor(kubernetesMinor))).toBe(true);
});
