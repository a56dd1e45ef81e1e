import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "./support/cloud.ts";

const checkBody = {
  name: "api",
  type: "https",
  target: "https://api.example.com/health",
  regions: ["eu_west", "us_east"],
  enabled: true,
};
const alertBody = {
  name: "down",
  type: "down",
  threshold: 0,
  comparison: "",
  period: "2m",
  notifications: { email: ["ops@example.com"], slack: [] },
};

describe("uptime checks", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await testCloud();
  });
  afterEach(() => cloud.close());

  const create = async (change: object = {}) =>
    (await cloud.ok<{ check: { id: string } }>("POST", "/v2/uptime/checks", { ...checkBody, ...change }))
      .check;

  it("are created, read, listed, changed and deleted with their alerts", async () => {
    const check = await create();
    const path = `/v2/uptime/checks/${check.id}`;
    expect(check).toEqual({ id: check.id, ...checkBody });
    expect(await cloud.ok("GET", path)).toEqual({ check });
    expect(await cloud.ok("GET", "/v2/uptime/checks")).toMatchObject({ checks: [check], meta: { total: 1 } });
    expect(await cloud.ok("PUT", path, { ...checkBody, enabled: false })).toMatchObject({
      check: { enabled: false },
    });
    const { alert } = await cloud.ok<{ alert: { id: string } }>("POST", `${path}/alerts`, alertBody);
    expect(alert).toMatchObject({ name: "down", type: "down", period: "2m" });
    expect(await cloud.ok("GET", `${path}/alerts/${alert.id}`)).toEqual({ alert });
    expect(await cloud.ok("GET", `${path}/alerts`)).toMatchObject({ alerts: [alert] });
    const changed = { ...alertBody, type: "latency", threshold: 500, comparison: "greater_than" };
    expect(await cloud.ok("PUT", `${path}/alerts/${alert.id}`, changed)).toMatchObject({
      alert: { threshold: 500 },
    });
    await cloud.ok("DELETE", path);
    await cloud.refusal(404, "GET", `${path}/alerts/${alert.id}`);
    expect(await cloud.ok("GET", "/_sandbox/inventory")).toEqual({});
  });

  it("have a state: asking at first, then up", async () => {
    const { id } = await create();
    const state = () =>
      cloud.ok<{ state: { regions: Record<string, { status: string }> } }>(
        "GET",
        `/v2/uptime/checks/${id}/state`,
      );
    expect((await state()).state.regions.eu_west?.status).toBe("CHECKING");
    cloud.advance(1_000);
    expect((await state()).state.regions.eu_west?.status).toBe("UP");
  });

  it.each([
    [{ type: "https", target: "http://a.example.com" }, "target: "],
    [{ type: "ping", target: "https://a.example.com" }, "target: "],
    [{ type: "tcp" }, "type: "],
    [{ regions: ["mars"] }, "regions.0: "],
    [{ tagret: "x" }, "tagret: unknown field, did you mean target?"],
  ])("are refused as %j", async (change, message) => {
    expect(await cloud.refusal(422, "POST", "/v2/uptime/checks", { ...checkBody, ...change })).toContain(
      message,
    );
  });

  it.each([
    [{ type: "latency" }, "threshold: "],
    [{ period: "7m" }, "period: "],
    [{ notifications: { email: [], slack: [] } }, "at least one"],
    [{ notifications: { email: ["nobody"], slack: [] } }, "notifications.email.0: "],
  ])("refuse an alert with %j", async (change, message) => {
    const { id } = await create();
    expect(
      await cloud.refusal(422, "POST", `/v2/uptime/checks/${id}/alerts`, { ...alertBody, ...change }),
    ).toContain(message);
  });

  it("watch certificates only of https targets", async () => {
    const { id } = await create({ name: "plain", type: "http", target: "http://a.example.com" });
    const alert = { ...alertBody, type: "ssl_expiry", threshold: 30, comparison: "less_than" };
    expect(await cloud.refusal(422, "POST", `/v2/uptime/checks/${id}/alerts`, alert)).toContain("https");
  });
});
