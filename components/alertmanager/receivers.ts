import type * as pulumi from "@pulumi/pulumi";

/** A mail server that takes messages from whoever signs in, after STARTTLS. */
export interface MailServer {
  /** Its public name, which its certificate bears too. @example "smtp.example.com" */
  readonly host: string;
  /** DigitalOcean lets no droplet out on 25, and not every account on 587; nobody blocks 2525. */
  readonly port: 2525 | 587;
  /** Address that the messages come from. @example "alerts@example.com" */
  readonly from: string;
  /** Who signs in; the password is among {@link ReceiverSecrets}. @example "alerts@example.com" */
  readonly user: string;
}

/** Who is told, and by what way; whatever is secret about a way comes apart, as {@link ReceiverSecrets}. */
export interface Receivers {
  /**
   * Slack is told of everything.
   * @default nobody on Slack
   */
  readonly slack?: {
    /** The channel that is told; the webhook is among {@link ReceiverSecrets}. @example "#alerts" */
    readonly channel: string;
  };
  /**
   * E-mail tells of what is critical and of warnings.
   * @default nobody by e-mail
   */
  readonly email?: {
    /** Who is told. @example ["on-call@example.com"] */
    readonly to: readonly string[];
    /** Who carries the messages, the escalation's too. */
    readonly server: MailServer;
  };
  /**
   * PagerDuty wakes somebody for what is critical.
   * @default nobody is woken
   */
  readonly pagerDuty?: {
    /** Where the account is. */
    readonly region: keyof typeof pagerDutyAddresses;
  };
  /**
   * Who is told of what is critical and has lasted, by e-mail.
   * @default nobody further
   */
  readonly escalation?: {
    /** Who is told then. @example ["head-of-engineering@example.com"] */
    readonly emails: readonly string[];
    /** How long it has lasted by then. */
    readonly afterMinutes: number;
  };
  /** Whether somebody outside waits for a sign of life, and raises the alarm when none comes. @default false */
  readonly heartbeat?: boolean;
  /** When somebody is there to read what is only worth knowing. */
  readonly workingHours: WorkingHours;
}

/** Monday to Friday, from one time of day to another. */
export interface WorkingHours {
  /** Name of the IANA database. @example "America/Toronto" */
  readonly timeZone: string;
  /** When they begin. @example "09:00" */
  readonly from: string;
  /** When they end. @example "18:00" */
  readonly to: string;
}

/** Where PagerDuty takes events, by where the account is. */
export const pagerDutyAddresses = {
  us: "https://events.pagerduty.com/v2/enqueue",
  eu: "https://events.eu.pagerduty.com/v2/enqueue",
} as const;

/** Files of the Secret, one for each way of telling that has something secret; Alertmanager reads each when it sends. */
export const secretFiles = {
  slack: "slack-webhook",
  email: "smtp-password",
  pagerDuty: "pagerduty-routing-key",
  heartbeat: "heartbeat-url",
} as const;

/** A way of telling that has a secret. */
export type SecretWay = keyof typeof secretFiles;

/** What is secret of each way that is used. */
export type ReceiverSecrets = { readonly [Way in SecretWay]?: pulumi.Input<string> };

/** The ways that are used. */
export function waysOf({ slack, email, pagerDuty, heartbeat }: Receivers): SecretWay[] {
  const used = { slack, email, pagerDuty, heartbeat };
  return (Object.keys(secretFiles) as SecretWay[]).filter((way) => Boolean(used[way]));
}

/** Whether anybody would be told of anything. */
export const tellsSomebody = ({ slack, email, pagerDuty }: Receivers): boolean =>
  Boolean(slack ?? email ?? pagerDuty);
