import { expect, it } from "vitest";
import { agedProviders } from "../../platform/repair/kubeconfig.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const at = (hoursAgo: number) => new Date(now - hoursAgo * 60 * 60 * 1000).toISOString();
const resource = (name: string, more: { type?: string; created?: string; modified?: string }) => ({
  urn: `urn:pulumi:staging::p::pulumi:providers:kubernetes::${name}`,
  type: "pulumi:providers:kubernetes",
  ...more,
});

it("a kubeconfig has aged a day before its token may end, counted from when it was last recorded", () => {
  const resources = [
    resource("new", { created: at(1), modified: at(1) }),
    resource("renewed", { created: at(200), modified: at(19) }),
    resource("aged", { created: at(200), modified: at(21) }),
    resource("never-changed", { created: at(21) }),
    resource("undated", {}),
    resource("another", { type: "pulumi:providers:digitalocean", created: at(200) }),
  ];
  expect(agedProviders({ resources }, now).map((urn) => urn.split("::").at(-1))).toEqual([
    "aged",
    "never-changed",
    "undated",
  ]);
  expect(agedProviders({}, now)).toEqual([]);
});
