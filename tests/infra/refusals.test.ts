import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configNamespace, environments, parseEnvironmentConfig } from "../../infra/config/index.ts";
import { everythingWrong } from "../../infra/refusals.ts";

type Values = Record<string, unknown>;

const committed = (environment: string): Values => {
  const { config }: { config: Values } = parse(
    readFileSync(new URL(`../../Pulumi.${environment}.yaml`, import.meta.url), "utf8"),
  );
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${configNamespace}:`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(configNamespace.length + 1), value]));
};

/** What is wrong with an environment whose configuration is at fault. */
function wrongs(environment: string, values: Values) {
  const result = parseEnvironmentConfig(environment, values);
  if (!("faults" in result)) throw new Error("this configuration is sound");
  return everythingWrong(environment, values, result.faults);
}

const without = (values: Values, key: string): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));

describe("an environment whose configuration is at fault", () => {
  it("hears of its components' faults in the same message", () => {
    const values = { ...without(committed("production"), "neo4jLicence"), domain: "Whisper", region: "tor2" };
    const { text, refusals } = wrongs("production", values);
    expect(text).toContain("whisper-platform:domain is");
    expect(text).toContain("whisper-platform:region is");
    expect(text).toContain("The arguments of whisper-production-neo4j have 1 fault:");
    expect(refusals).toMatchObject([
      { component: "whisper-production-neo4j", faults: [{ path: "licence" }] },
    ]);
  });

  it("hears of a firewall that shuts out who deploys, whatever else is wrong", () => {
    const controlPlaneFirewall = { enabled: true, deployerCidrs: ["198.51.100.7/32"] };
    const values = { ...committed("staging"), owner: "Nobody In Particular", controlPlaneFirewall };
    expect(wrongs("staging", values).refusals).toEqual([]);
    const gpuPoolToken = { secure: "v1:ciphertext" };
    expect(wrongs("staging", { ...values, gpuSecretsToken: gpuPoolToken }).refusals).toMatchObject([
      { component: "whisper-staging-gpu", faults: [{ path: "controller.image" }] },
    ]);
  });

  it.each([
    ["a licence that is misspelt", "production", { neo4jLicence: "evaluation" }],
    ["a region that there is not", "production", { region: "mars1" }],
    ["images of which one names no build", "production", { images: { api: "example.com/api:latest" } }],
    ["alerts without an address", "production", { alerts: { emails: [] } }],
    ["an unknown key", "staging", { regoin: "tor1" }],
    ["half of a secret", "staging", { slackWebhook: "in the clear" }],
  ])("hears of %s once", (_, environment, change) => {
    const { text, refusals } = wrongs(environment, { ...committed(environment), ...change });
    expect(refusals).toEqual([]);
    expect(text).not.toContain("The arguments of");
  });

  it("is not told of components where there is no such environment", () => {
    const { text, refusals } = wrongs("stagging", committed("staging"));
    expect(text).toContain('stack is "stagging", which is no environment');
    expect(refusals).toEqual([]);
  });

  it("is told nothing of components that only comes of what is missing or misspelt", () => {
    const broken = fc.constantFrom(...environments).chain((environment) =>
      fc.record({
        environment: fc.constant(environment),
        key: fc.constantFrom(...Object.keys(committed(environment)).filter((key) => key !== "neo4jLicence")),
        value: fc.constantFrom<unknown>(undefined, "", 7, [], {}, [{}], { a: 1 }, "no such thing"),
      }),
    );
    fc.assert(
      fc.property(broken, ({ environment, key, value }) => {
        const values = { ...committed(environment), [key]: value };
        const result = parseEnvironmentConfig(environment, values);
        if ("config" in result) return;
        expect(everythingWrong(environment, values, result.faults).refusals).toEqual([]);
      }),
    );
  });
});
