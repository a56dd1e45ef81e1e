import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixtureProject } from "./helpers/fixture-project.ts";
import { filesBelow, livePlatform, until } from "./helpers/platform.ts";
import { strike, type Victim } from "./helpers/victims.ts";

const webhook = "https://hooks.slack.com/services/T0/B0/never-in-clear";
const alerts = ["/v2/monitoring/alerts", "/v2/uptime/checks/*/alerts"];

/** Two things of which the cloud tells the secret that it was given, each in a place of its own. */
const project = fixtureProject({
  program: `
import { secret } from "@pulumi/pulumi";
import { MonitorAlert, UptimeAlert, UptimeCheck } from "@pulumi/digitalocean";
export async function program() {
  const receivers = { emails: ["a@example.com"], slacks: [{ channel: "#a", url: secret(${JSON.stringify(webhook)}) }] };
  const check = new UptimeCheck("check", { name: "check", target: "https://example.com", regions: ["us_east"] });
  new UptimeAlert("down", { checkId: check.id, name: "down", type: "down", period: "2m", notifications: [receivers] });
  new MonitorAlert("cpu", {
    description: "cpu", type: "v1/insights/droplet/cpu", compare: "GreaterThan", value: 90, window: "5m", tags: ["gpu"],
    alerts: receivers,
  });
}`,
});
const platform = livePlatform(project);

/** Everything a run leaves on the disk, but for the cloud's own data, which is not ours to encrypt. */
const filesThatTell = (text: string): string[] =>
  filesBelow(platform.home.root)
    .filter((file) => !file.startsWith(platform.home.storeData))
    .filter((file) => readFileSync(file, "utf8").includes(text));

describe.each<{ victims: Victim[] }>([{ victims: ["engine"] }, { victims: ["sandbox", "command"] }])(
  "$victims killed when the cloud has alerts and nobody was told",
  ({ victims }) => {
    it("the alerts are adopted with their secrets secret, and nothing is left to change", async () => {
      await platform.run("sandbox", "start");
      await platform.client().setFaults({
        rules: alerts.map((path) => ({ method: "POST", path, hold: true as const, drop: "after" as const })),
      });
      const command = platform.start("up", "staging", "--sandbox", "--yes");
      await until("both alerts are there", async () => {
        const { alert_policies, uptime_alerts } = await platform.inventory();
        return alert_policies?.length === 1 && uptime_alerts?.length === 1;
      });
      strike(platform, command.pid, victims);
      expect((await command).exitCode).not.toBe(0);

      await platform.run("sandbox", "start");
      await platform.client().clearFaults();
      const refreshed = await platform.run("refresh", "staging", "--sandbox", "--expect-no-changes");
      expect(refreshed.stderr).toContain("cut short");
      expect(refreshed.status).toBe(0);
      expect(filesThatTell(webhook)).toEqual([]);
      expect(await platform.json("up", "staging", "--sandbox", "--yes")).toMatchObject({
        applied: { counts: { same: 3 } },
      });
      expect(filesThatTell(webhook)).toEqual([]);

      expect((await platform.run("destroy", "staging", "--sandbox", "--yes")).status).toBe(0);
      expect(await platform.inventory()).toEqual({});
    });
  },
);
