import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { dashboardsOf } from "../../../components/grafana/dashboards/dashboards.ts";
import { limitOf } from "../../../components/grafana/dashboards/limits.ts";
import type { DashboardFacts, Panel } from "../../../components/grafana/dashboards/model.ts";
import type { LinesField } from "../../../components/grafana/dashboards/published.ts";
import { renderDashboard } from "../../../components/grafana/dashboards/render.ts";
import { thresholdsOf } from "../../../components/grafana/dashboards/thresholds.ts";
import { historyConfiguration } from "../../../components/prometheus/history.ts";
import { linksOfAlert } from "../../../components/prometheus/rules/render.ts";
import { ruleSets } from "../../../components/prometheus/rules/rule-sets.ts";
import { metricsOf } from "../prometheus/rules/metric-names.ts";
import { grafanaArgs } from "./args.ts";

const { facts } = grafanaArgs();
const dashboards = dashboardsOf(facts);
const panelsOf = (uid: string) =>
  dashboards.filter((each) => each.uid === uid).flatMap(({ rows }) => rows.flatMap(({ panels }) => panels));
const allPanels = dashboards.flatMap(({ uid }) => panelsOf(uid));

describe("The dashboards", () => {
  it("are each a file of their name, and all of them are shown", () => {
    const folder = new URL("../../../components/grafana/dashboards/", import.meta.url);
    const parts = [
      "dashboards",
      "limits",
      "model",
      "pack",
      "published",
      "render",
      "thresholds",
      "visualisations",
    ];
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
    expect(files.filter((file) => !parts.includes(file)).toSorted()).toEqual(
      dashboards.map(({ uid }) => uid).toSorted(),
    );
  });

  it.each([
    ["a fixed pool of GPU workers", { elasticGpuPool: false }, "gpu-pool", "gpu_pool_"],
    ["a pool whose operator brings the secrets", { gpuSecretsDelivered: false }, "gpu-pool", "gpu_secrets_"],
    ["Neo4j's community edition", { neo4jTellsMetrics: false }, "neo4j", "neo4j_d"],
  ])("show nothing that %s does not tell", (_, change: Partial<DashboardFacts>, uid, metric) => {
    const textOf = (some: DashboardFacts) =>
      JSON.stringify(dashboardsOf(some).find((each) => each.uid === uid));
    expect(textOf(facts)).toContain(metric);
    expect(textOf({ ...facts, ...change })).not.toContain(metric);
  });

  it.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))(
    "fit the screen: %s",
    (_, dashboard) => {
      const { panels = [] } = renderDashboard(dashboard, "docs/runbooks");
      const places = panels.flatMap(({ gridPos }) => gridPos ?? []);
      expect(places).toHaveLength(panels.length);
      for (const [index, { x, y, w, h }] of places.entries()) {
        expect(x + w).toBeLessThanOrEqual(24);
        for (const other of places.slice(index + 1)) {
          const apart =
            x + w <= other.x || other.x + other.w <= x || y + h <= other.y || other.y + other.h <= y;
          expect(apart, JSON.stringify([places[index], other])).toBe(true);
        }
      }
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    },
  );

  it("use what can be chosen at the top, and nothing else", () => {
    for (const { uid, variables = [], rows } of dashboards) {
      const used = JSON.stringify(rows).matchAll(/\$(\w+)/g);
      // In a replacement of label_replace, $1 is a part of what was found.
      const names = [...used].map(([, name = ""]) => name).filter((name) => !/^\d+$/.test(name));
      expect([...new Set(names)].toSorted(), uid).toEqual(variables.map(({ name }) => name).toSorted());
    }
  });
});

describe("Panels of the last 90 days", () => {
  const federated = parse(historyConfiguration({ metadata: { name: "p", namespace: "n", labels: {} } }, 9090))
    .scrape_configs[0].params["match[]"][0];
  const quarters = dashboards.flatMap((dashboard) =>
    dashboard.rows.flatMap(({ panels }) => panels.filter(({ quarter }) => quarter === true)),
  );

  it("ask for what the second Prometheus takes over, and for nothing else", () => {
    expect(federated).toBe('{__name__=~".+:.+", __name__!~"pod:.+"}');
    expect(quarters.length).toBeGreaterThan(0);
    const asked = quarters.flatMap(({ queries }) => queries.flatMap((query) => metricsOf(query.expression)));
    expect(asked.filter((name) => !/^(?!pod:).+:.+$/.test(name))).toEqual([]);
  });

  it("look at them whatever is chosen, where they are kept", () => {
    const [slos] = dashboards.filter(({ uid }) => uid === "slos");
    const { panels = [] } = slos ? renderDashboard(slos, "docs/runbooks") : {};
    const looking = panels.filter((panel) => "timeFrom" in panel && panel.timeFrom === "90d");
    expect(looking.map(({ title }) => title)).toEqual(quarters.map(({ title }) => title));
    expect(JSON.stringify(looking)).not.toContain('"uid":"prometheus"');
    for (const panel of looking) expect(panel).toMatchObject({ datasource: { uid: "prometheus-history" } });
  });
});

describe("Each alert", () => {
  const alerts = ruleSets.flatMap((set) =>
    (set.alerts ?? []).map((alert) => [alert.name, alert, set] as const),
  );

  it.each(alerts)(
    "%s links to a dashboard that there is, where a panel shows what it is about",
    (name, alert, set) => {
      const address = "https://ops.example.com/grafana";
      const { dashboard_url: url } = linksOfAlert(alert, set, {
        runbooks: "docs/runbooks",
        dashboards: address,
      });
      const uid = url?.replace(`${address}/d/`, "") ?? "";
      expect(dashboards.map((each) => each.uid)).toContain(uid);
      const shown = panelsOf(uid).flatMap(({ limits = [], alerts: more = [] }) => [...limits, ...more]);
      expect(shown, `no panel of ${uid}`).toContain(name);
    },
  );
});

describe("Limits", () => {
  it.each(
    allPanels.filter(({ limits = [] }) => limits.length > 0).map((panel) => [panel.title, panel] as const),
  )("of %s are on what it shows", (_, panel: Panel) => {
    const asked = new Set(panel.queries.flatMap(({ expression }) => metricsOf(expression)));
    for (const name of panel.limits ?? []) {
      for (const metric of metricsOf(limitOf(name).measured)) expect(asked, name).toContain(metric);
    }
  });

  const panel = (limits: string[]): Panel => ({
    kind: "lines",
    title: "",
    description: "",
    unit: "percentunit",
    queries: [],
    limits,
  });

  it("are those of the rules, by how bad it is", () => {
    expect(limitOf("CertificateExpires")).toMatchObject({ wrong: "below", value: 30 * 86_400 });
    expect(thresholdsOf(panel(["DiskNearlyFull", "DiskFilling"])).steps).toEqual([
      { color: "green", value: null },
      { color: "orange", value: 0.85 },
      { color: "red", value: 0.9 },
    ]);
    expect(thresholdsOf(panel(["CacheHitRateLow"])).steps).toEqual([
      { color: "orange", value: null },
      { color: "green", value: 0.8 },
    ]);
  });

  it("are refused of an alert that there is not, or that compares nothing with a number", () => {
    expect(() => limitOf("DiskFul")).toThrow("DiskFul, which is none");
    expect(() => limitOf("ApiMissing")).toThrow("ApiMissing, whose rule compares nothing");
  });
});

describe("What a panel leads to", () => {
  const [dashboard] = dashboards.filter(({ uid }) => uid === "edge");
  const panelsWith = (runbooks: string) =>
    JSON.stringify(dashboard ? renderDashboard(dashboard, runbooks).panels : []);

  it("is the page of each of its alerts, where the pages have an address", () => {
    expect(panelsWith("https://example.com/runbooks")).toContain(
      '"url":"https://example.com/runbooks/SiteUnreachable.md"',
    );
  });

  it("is said in words where they have none", () => {
    expect(panelsWith("docs/runbooks")).toContain("docs/runbooks/SiteUnreachable.md");
    expect(panelsWith("docs/runbooks")).not.toContain('"url"');
  });
});

it("Grafana's published types refuse what it would not understand", () => {
  // @ts-expect-error: a line is drawn, not "drawed"
  const drawn: LinesField = { drawStyle: "lined" };
  // @ts-expect-error: there is no such setting
  const set: LinesField = { lineWidht: 1 };
  expect([drawn, set]).toHaveLength(2);
});
