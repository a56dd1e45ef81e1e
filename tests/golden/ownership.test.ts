import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { requireOwnership } from "../../policies/ownership/require-ownership.ts";
import { violationsOf } from "../policies/harness.ts";
import type { DesiredResource } from "./desired-state.ts";
import { goldenFile } from "./file.ts";

describe.each(["staging", "production"])("in the desired state of %s", (environment) => {
  const resources: DesiredResource[] = JSON.parse(readFileSync(goldenFile(environment), "utf8"));
  const judged = resources
    .filter(({ inputs }) => inputs !== undefined)
    .map(({ type, name, inputs }) => ({ type, name, props: inputs as Record<string, unknown> }));

  it("everything that takes tags or labels says whose it is", async () => {
    expect(await violationsOf(requireOwnership, judged)).toEqual([]);
  });

  it.each([
    ["owner", "platform-team"],
    ["cost-centre", "transcription"],
    ["environment", environment],
  ])("the %s is the configuration's everywhere", (fact, value) => {
    const told = JSON.stringify(judged).matchAll(
      new RegExp(`"(?:${fact}:|whisper\\.platform/${fact}":")([^"]+)"`, "g"),
    );
    expect([...new Set([...told].map(([, said]) => said))]).toEqual([value]);
  });
});
