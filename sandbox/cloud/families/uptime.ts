import { randomUUID } from "node:crypto";
import { z } from "zod";
import { uptimeCheckRegions } from "../../../catalog/regions.ts";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { conflict, found, unprocessable } from "../errors.ts";
import type { Family } from "../family.ts";
import { listOf, optional } from "../fields.ts";
import { notificationsSchema } from "./notifications.ts";

/** An uptime check. */
interface UptimeCheck {
  readonly id: string;
  readonly name: string;
  readonly type: "ping" | "http" | "https";
  readonly target: string;
  readonly regions: readonly string[];
  readonly enabled: boolean;
  /** Bookkeeping, not shown. */
  readonly createdAt: string;
  readonly createdAtMs: number;
}

/** An alert of an uptime check. */
interface UptimeAlert {
  readonly id: string;
  readonly name: string;
  readonly type: "latency" | "down" | "down_global" | "ssl_expiry";
  readonly threshold?: number | undefined;
  readonly comparison?: "greater_than" | "less_than" | undefined;
  readonly notifications: z.output<typeof notificationsSchema>;
  readonly period?: string | undefined;
  /** Bookkeeping, not shown. */
  readonly checkId: string;
  readonly createdAt: string;
}

const checkCollection = (store: Store) => store.collection<UptimeCheck>("uptime_checks");
const alertCollection = (store: Store) => store.collection<UptimeAlert>("uptime_alerts");

const checkBody = z
  .strictObject({
    name: z.string().min(1).max(255),
    type: z.enum(["ping", "http", "https"]),
    target: z.string().min(1),
    regions: listOf(z.enum(uptimeCheckRegions)).transform((regions) => [...new Set(regions)]),
    enabled: z.boolean().default(true),
  })
  .superRefine(({ type, target }, context) => {
    const problem = targetProblem(type, target);
    if (problem !== undefined) context.addIssue({ code: "custom", path: ["target"], message: problem });
  });

const alertBody = z
  .strictObject({
    name: z.string().min(1).max(255),
    type: z.enum(["latency", "down", "down_global", "ssl_expiry"]),
    threshold: optional(z.number().int().min(0)),
    comparison: z
      .enum(["greater_than", "less_than", ""])
      .nullish()
      .transform((comparison) => comparison || undefined),
    notifications: notificationsSchema,
    period: z
      .enum(["2m", "3m", "5m", "10m", "15m", "30m", "1h", ""])
      .nullish()
      .transform((period) => period || undefined),
  })
  .superRefine(({ type, threshold, comparison, period }, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const measured = type === "latency" || type === "ssl_expiry";
    if (measured && !threshold) fault("threshold", `an alert of type ${type} needs a threshold above 0`);
    if (measured && comparison === undefined)
      fault("comparison", `an alert of type ${type} needs a comparison`);
    if (type !== "ssl_expiry" && period === undefined)
      fault("period", `an alert of type ${type} needs a period`);
  });

const listChecks = endpoint({
  method: "GET",
  path: "/v2/uptime/checks",
  handle: ({ cloud, page }) => page("checks", checkCollection(cloud.store).list().map(presentCheck)),
});

const createCheck = endpoint({
  method: "POST",
  path: "/v2/uptime/checks",
  body: checkBody,
  handle: ({ cloud, body }) => {
    if (
      checkCollection(cloud.store)
        .list()
        .some((check) => check.name === body.name)
    ) {
      throw conflict(`name: an uptime check named ${body.name} already exists in this account`);
    }
    const check = { id: randomUUID(), ...body, createdAt: cloud.timestamp(), createdAtMs: cloud.now() };
    checkCollection(cloud.store).put(check.id, check);
    return { check: presentCheck(check) };
  },
});

const readCheck = endpoint({
  method: "GET",
  path: "/v2/uptime/checks/{check_id}",
  handle: ({ cloud, params }) => ({ check: presentCheck(findCheck(cloud, params.check_id)) }),
});

const updateCheck = endpoint({
  method: "PUT",
  path: "/v2/uptime/checks/{check_id}",
  body: checkBody,
  handle: ({ cloud, params, body }) => {
    const check = { ...findCheck(cloud, params.check_id), ...body };
    checkCollection(cloud.store).put(check.id, check);
    return { check: presentCheck(check) };
  },
});

const deleteCheck = endpoint({
  method: "DELETE",
  path: "/v2/uptime/checks/{check_id}",
  handle: ({ cloud, params }) => {
    const check = findCheck(cloud, params.check_id);
    for (const alert of alertsOf(cloud, check.id)) alertCollection(cloud.store).delete(alert.id);
    checkCollection(cloud.store).delete(check.id);
  },
});

const readState = endpoint({
  method: "GET",
  path: "/v2/uptime/checks/{check_id}/state",
  handle: ({ cloud, params }) => {
    const check = findCheck(cloud, params.check_id);
    // Nothing is asked in the sandbox: a check that has had its first round finds its target up.
    const status = cloud.settled(check.createdAtMs) ? "UP" : "CHECKING";
    const state = { status, status_changed_at: check.createdAt, thirty_day_uptime_percentage: 100 };
    const regions = check.enabled ? check.regions : [];
    return {
      state: { regions: Object.fromEntries(regions.map((region) => [region, state])), previous_outage: {} },
    };
  },
});

const listAlerts = endpoint({
  method: "GET",
  path: "/v2/uptime/checks/{check_id}/alerts",
  handle: ({ cloud, params, page }) =>
    page("alerts", alertsOf(cloud, findCheck(cloud, params.check_id).id).map(presentAlert)),
});

const createAlert = endpoint({
  method: "POST",
  path: "/v2/uptime/checks/{check_id}/alerts",
  body: alertBody,
  handle: ({ cloud, params, body }) => {
    const check = findCheck(cloud, params.check_id);
    if (alertsOf(cloud, check.id).some((alert) => alert.name === body.name)) {
      throw conflict(`name: the check ${check.name} already has an alert named ${body.name}`);
    }
    const alert = { id: randomUUID(), ...body, checkId: check.id, createdAt: cloud.timestamp() };
    refuseWrongType(check, alert);
    alertCollection(cloud.store).put(alert.id, alert);
    return { alert: presentAlert(alert) };
  },
});

const readAlert = endpoint({
  method: "GET",
  path: "/v2/uptime/checks/{check_id}/alerts/{alert_id}",
  handle: ({ cloud, params }) => ({ alert: presentAlert(findAlert(cloud, params)) }),
});

const updateAlert = endpoint({
  method: "PUT",
  path: "/v2/uptime/checks/{check_id}/alerts/{alert_id}",
  body: alertBody,
  handle: ({ cloud, params, body }) => {
    const alert = { ...findAlert(cloud, params), ...body };
    refuseWrongType(findCheck(cloud, params.check_id), alert);
    alertCollection(cloud.store).put(alert.id, alert);
    return { alert: presentAlert(alert) };
  },
});

const deleteAlert = endpoint({
  method: "DELETE",
  path: "/v2/uptime/checks/{check_id}/alerts/{alert_id}",
  handle: ({ cloud, params }) => {
    alertCollection(cloud.store).delete(findAlert(cloud, params).id);
  },
});

function targetProblem(type: UptimeCheck["type"], target: string): string | undefined {
  if (type === "ping") {
    return /^[a-zA-Z0-9]([a-zA-Z0-9.:-]*[a-zA-Z0-9])?$/.test(target)
      ? undefined
      : `${target} is not a host name or an IP address`;
  }
  const protocol = URL.canParse(target) ? new URL(target).protocol : "";
  return protocol === `${type}:` ? undefined : `${target} is not a URL that begins with ${type}://`;
}

function refuseWrongType(check: UptimeCheck, alert: UptimeAlert): void {
  if (alert.type === "ssl_expiry" && check.type !== "https") {
    throw unprocessable(
      `type: ssl_expiry needs a check of type https, and ${check.name} is of type ${check.type}`,
    );
  }
}

function findCheck(cloud: Cloud, id: string): UptimeCheck {
  return found(checkCollection(cloud.store).get(id));
}

function alertsOf(cloud: Cloud, checkId: string): UptimeAlert[] {
  return alertCollection(cloud.store)
    .list()
    .filter((alert) => alert.checkId === checkId);
}

function findAlert(cloud: Cloud, params: { check_id: string; alert_id: string }): UptimeAlert {
  const check = findCheck(cloud, params.check_id);
  return found(alertsOf(cloud, check.id).find((alert) => alert.id === params.alert_id));
}

function presentCheck({ createdAt: _at, createdAtMs: _ms, ...check }: UptimeCheck): object {
  return check;
}

function presentAlert({ checkId: _check, createdAt: _at, ...alert }: UptimeAlert): object {
  return alert;
}

/** Uptime checks and their alerts. */
export const uptime: Family = {
  name: "uptime",
  endpoints: [
    listChecks,
    createCheck,
    readCheck,
    updateCheck,
    deleteCheck,
    readState,
    listAlerts,
    createAlert,
    readAlert,
    updateAlert,
    deleteAlert,
  ],
  resources: (store) => [
    ...checkCollection(store)
      .list()
      .map(({ id, name, createdAt }) => ({ kind: "uptime_checks", id, name, createdAt })),
    ...alertCollection(store)
      .list()
      .map(({ id, name, createdAt, checkId }) => ({
        kind: "uptime_alerts",
        id,
        name,
        createdAt,
        uses: [{ kind: "uptime_checks", id: checkId }],
      })),
  ],
};
