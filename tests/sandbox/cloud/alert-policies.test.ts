import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

const body = {
  type: "v1/insights/droplet/cpu",
  description: "CPU above 80 %",
  compare: "GreaterThan",
  value: 80,
  window: "5m",
  entities: [],
  tags: ["component:gpu-pool"],
  alerts: { email: ["ops@example.com"], slack: [] },
  enabled: true,
};

describe("alert policies", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  it("are made, read, listed, changed and deleted", async () => {
    const { policy } = await cloud.ok<{ policy: { uuid: string } }>("POST", "/v2/monitoring/alerts", body);
    expect(policy).toEqual({ uuid: policy.uuid, ...body });
    const path = `/v2/monitoring/alerts/${policy.uuid}`;
    expect(await cloud.ok("GET", path)).toEqual({ policy });
    expect(await cloud.ok("GET", "/v2/monitoring/alerts")).toMatchObject({ policies: [policy] });
    expect(await cloud.ok("PUT", path, { ...body, value: 90 })).toMatchObject({ policy: { value: 90 } });
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", path);
  });

  it("let go of tags that are gone", async () => {
    const { policy } = await cloud.ok<{ policy: { uuid: string } }>("POST", "/v2/monitoring/alerts", body);
    await cloud.ok("DELETE", "/v2/tags/component:gpu-pool");
    expect(await cloud.ok("GET", `/v2/monitoring/alerts/${policy.uuid}`)).toMatchObject({
      policy: { tags: [] },
    });
  });

  it.each([
    [{ type: "v1/insights/droplet/gpu" }, "type: "],
    [{ compare: "greater_than" }, "compare: "],
    [{ window: "2m" }, "window: "],
    [{ entities: ["7"] }, "entities: there is no 7 among the droplets"],
    [{ alerts: { email: [], slack: [] } }, "at least one"],
    [
      { alerts: { email: [], slack: [{ channel: "#ops", url: "http://hooks.example.com" }] } },
      "alerts.slack.0.url: ",
    ],
    [{ value: -1 }, "value: "],
  ])("are refused with %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/monitoring/alerts", { ...body, ...change })).toContain(
      message,
    );
  });
});
