import { z } from "zod";
import { guided } from "../guidance.ts";
import { dsn } from "../values/error-tracker.ts";

/** Keys that hold a secret, and what each must be once it is decrypted. All are optional. */
export const secretSchemas = {
  /** Token with which the controller of an elastic GPU pool asks DigitalOcean: docs/gpu-pool.md names its scopes. */
  gpuPoolToken: guided(z.string().regex(/^\S{16,}$/), {
    expects: "an API token of DigitalOcean's",
    example: "dop_v1_...",
  }),
  /** Token with which whoever delivers the GPU workers' secrets reads droplets: docs/gpu-pool.md names its scopes. */
  gpuSecretsToken: guided(z.string().regex(/^\S{16,}$/), {
    expects: "an API token of DigitalOcean's that reads droplets",
    example: "dop_v1_...",
  }),
  /** Slack webhook that the alerts are sent to. */
  slackWebhook: guided(z.url({ protocol: /^https$/, hostname: /^hooks\.slack\.com$/ }), {
    expects: "the https address of a Slack webhook",
    example: "https://hooks.slack.com/services/...",
  }),
  /** Password of the mail server that `alerts.smtp` names. */
  smtpPassword: guided(z.string().min(1), { expects: "a password", example: "..." }),
  /** Integration key (Events API v2) of the service in PagerDuty that is told what is critical. */
  pagerDutyRoutingKey: guided(z.string().regex(/^[A-Za-z0-9]{32}$/), {
    expects: "an integration key of PagerDuty's, of 32 letters and digits",
    example: "0123456789abcdef0123456789abcdef",
  }),
  /** Address that Alertmanager calls each minute; who waits there raises the alarm when the calls stop. */
  heartbeatUrl: guided(z.url({ protocol: /^https$/ }), {
    expects: "an https address that takes a POST",
    example: "https://hc-ping.com/...",
  }),
  /** What proves to the provider of `grafanaSignIn` that it is Grafana which asks. */
  grafanaClientSecret: guided(z.string().regex(/^\S{8,}$/), {
    expects: "the client secret that the provider gave",
    example: "...",
  }),
  /** Where the application reports its errors. */
  errorTrackingDsn: guided(z.string().regex(dsn), {
    expects: "the https address (DSN) of a project in the error tracker, with its key and its number",
    example: "https://key@errors.example.com/1",
  }),
} as const;

/** Name of a key that holds a secret. */
export type SecretKey = keyof typeof secretSchemas;
