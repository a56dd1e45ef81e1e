import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { uptimeCheckRegions } from "../../catalog/regions.ts";
import { Component } from "../component.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { MonitorRules, WatchedDatabase } from "../joints.ts";
import { dropletRules, uptimeRules } from "./rules.ts";

/** Arguments of {@link Alerting}. */
export interface AlertingArgs {
  /**
   * Addresses by name that are asked for from around the world, each by HTTPS.
   * @default none
   * @example { api: "https://api.whisper.example.com/health" }
   */
  readonly endpoints?: Readonly<Record<string, pulumi.Input<string>>>;

  /**
   * Tags whose droplets are watched.
   * @default no droplets
   */
  readonly dropletTags?: readonly pulumi.Input<string>[];

  /**
   * Database clusters that are watched, by what the alerts' names call them, each at its own thresholds.
   * @default no databases
   * @example { postgres: postgres.watched }
   */
  readonly databases?: Readonly<Record<string, WatchedDatabase>>;

  /**
   * E-mail addresses that are told; DigitalOcean sends only to verified ones.
   * @example ["on-call@example.com"]
   */
  readonly emails: readonly pulumi.Input<string>[];

  /**
   * Slack channel that is told too, with {@link slackWebhook}.
   * @default nobody on Slack
   * @example "#whisper-alerts"
   */
  readonly slackChannel?: pulumi.Input<string>;

  /**
   * Webhook of that channel. Secret.
   * @default nobody on Slack
   */
  readonly slackWebhook?: pulumi.Input<string>;
}

/** Whom an alert tells, in the shape both kinds of alert take. */
interface Recipients {
  readonly emails: pulumi.Input<string>[];
  readonly slacks: { channel: pulumi.Input<string>; url: pulumi.Input<string> }[];
}

/**
 * What DigitalOcean itself watches, so that a failure of everything we run is still told: endpoints from
 * outside, droplets and databases from inside.
 *
 * ### Cost
 * Alerts on droplets and databases are free. Uptime checks: an account's first is free, each further one 1 $ a month.
 * Staging: 1 x 1 = 1 $ a month. Production: 1 x 1 = 1 $ a month.
 *
 * @example
 * ```ts
 * new Alerting("whisper-staging-alerts", {
 *   endpoints: { api: "https://api.whisper.example.com/health" },
 *   dropletTags: [firewall.membership.tag],
 *   databases: { postgres: postgres.watched },
 *   emails: ["on-call@example.com"],
 * });
 * ```
 */
export class Alerting extends Component {
  /** Ids of the uptime checks, by the endpoint's name. */
  readonly checkIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: AlertingArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({ [name]: (checks) => checkAlerting(checks, args) });
    super("whisper:alerting:Alerting", name, withSecrets(args), options);
    const recipients = recipientsOf(args);

    const checks = Object.entries(args.endpoints ?? {}).map(([endpoint, target]) => {
      const check = this.#createCheck(`${name}-${endpoint}`, target, recipients);
      return [endpoint, check.id] as const;
    });
    this.#watch(`${name}-droplet`, dropletRules, { tags: [...(args.dropletTags ?? [])] }, recipients);
    for (const [database, { clusterId, rules }] of Object.entries(args.databases ?? {}))
      this.#watch(`${name}-${database}`, rules, { entities: [clusterId] }, recipients);

    this.checkIds = Object.fromEntries(checks);
    this.registerOutputs({ checkIds: this.checkIds });
  }

  #createCheck(name: string, target: pulumi.Input<string>, recipients: Recipients): digitalocean.UptimeCheck {
    const check = new digitalocean.UptimeCheck(
      name,
      { name, type: "https", target, regions: [...uptimeCheckRegions], enabled: true },
      { parent: this },
    );
    for (const [key, rule] of Object.entries(uptimeRules)) {
      new digitalocean.UptimeAlert(
        `${name}-${key}`,
        { name: `${name}-${key}`, checkId: check.id, ...rule, notifications: [recipients] },
        { parent: this },
      );
    }
    return check;
  }

  #watch(
    name: string,
    rules: MonitorRules,
    watched: { tags: pulumi.Input<string>[] } | { entities: pulumi.Input<string>[] },
    recipients: Recipients,
  ): void {
    // An alert that names nothing in particular would watch the whole account.
    if (Object.values(watched).flat().length === 0) return;
    for (const [key, rule] of Object.entries(rules)) {
      new digitalocean.MonitorAlert(
        `${name}-${key}`,
        // An alert has no name in the cloud: its description is what it can be found by.
        {
          ...rule,
          ...watched,
          description: `${name}-${key}: ${rule.description}`,
          alerts: recipients,
          enabled: true,
        },
        { parent: this },
      );
    }
  }
}

/** The arguments as they may be recorded in the state. */
function withSecrets(args: AlertingArgs): AlertingArgs {
  return args.slackWebhook === undefined ? args : { ...args, slackWebhook: pulumi.secret(args.slackWebhook) };
}

function recipientsOf({ emails, slackChannel, slackWebhook }: AlertingArgs): Recipients {
  return {
    emails: [...emails],
    slacks: slackChannel && slackWebhook ? [{ channel: slackChannel, url: pulumi.secret(slackWebhook) }] : [],
  };
}

/** Finds what is wrong with an {@link Alerting}'s arguments, but for what it watches beside addresses. */
export function checkAlerting(
  checks: ArgumentChecks,
  args: Pick<AlertingArgs, "endpoints" | "emails" | "slackChannel" | "slackWebhook">,
): void {
  for (const [endpoint, target] of Object.entries(args.endpoints ?? {})) {
    checks.check(
      `endpoints.${endpoint}`,
      target,
      (text) => /^https:\/\/[^/\s]+/.test(text),
      (text) => `is "${text}", which is no address that begins with https://`,
      "Give the whole address, as in https://api.example.com/health.",
    );
  }
  if (args.emails.length === 0) {
    checks.add("emails", "is empty: nobody would be told", "Name at least one verified address.");
  }
  for (const [index, email] of args.emails.entries()) {
    checks.check(
      `emails[${index}]`,
      email,
      (text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text),
      (text) => `is "${text}", which is no e-mail address`,
      "Write it as in on-call@example.com.",
    );
  }
  const slackHalves = [args.slackChannel, args.slackWebhook].filter((half) => half !== undefined);
  if (slackHalves.length === 1) {
    const missing = args.slackChannel === undefined ? "slackChannel" : "slackWebhook";
    checks.add(
      missing,
      "is missing, and the other half of the way to Slack is given",
      "Give both or neither.",
    );
  }
}
