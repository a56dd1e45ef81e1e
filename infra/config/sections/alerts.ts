import { z } from "zod";
import { guided } from "../guidance.ts";
import { host } from "../values/names.ts";
import { timeOfDay, timeZone } from "../values/times.ts";

const emailAddress = guided(z.email(), { expects: "an e-mail address", example: "on-call@example.com" });

const mailPort = guided(z.union([z.literal(2525), z.literal(587)]), {
  expects: "2525 or 587: DigitalOcean lets nobody out on 25, and on 465 there is no STARTTLS",
  example: "2525",
});

/** Who is told when something is wrong. */
export const alerts = guided(
  z.strictObject({
    /** Addresses that get every alert; DigitalOcean sends only to verified ones. */
    emails: guided(z.array(emailAddress).min(1), {
      expects: "a list of at least one e-mail address",
      example: "[on-call@example.com]",
    }),
    /** Slack channel for the alerts, with `slackWebhook`. */
    slackChannel: guided(z.string().regex(/^#[a-z0-9_-]{1,79}$/), {
      expects: "a Slack channel with its hash sign, quoted",
      example: '"#whisper-alerts"',
    }).optional(),
    /** Mail server through which Alertmanager writes to {@link emails}, with `smtpPassword`. */
    smtp: guided(
      z
        .strictObject({
          host,
          /** Where it takes messages from whoever signs in, after STARTTLS. */
          port: mailPort,
          /** Address that the messages come from. */
          from: emailAddress,
          user: guided(z.string().min(1), { expects: "the name to sign in with", example: "apikey" }),
        })
        .optional(),
      { expects: "host, port, from and user", example: "host: smtp.example.com" },
    ),
    /** PagerDuty, which is told what is critical, with `pagerDutyRoutingKey`. */
    pagerDuty: guided(
      z
        .strictObject({
          /** Where the account is: its events have an address of their own. */
          region: guided(z.enum(["us", "eu"]), { expects: '"us" or "eu"', example: "us" }),
        })
        .optional(),
      { expects: "the region of the account", example: "region: us" },
    ),
    /** Who is told by e-mail of what is critical and has lasted, besides those who know already. */
    escalation: guided(
      z
        .strictObject({
          emails: guided(z.array(emailAddress).min(1), {
            expects: "a list of at least one e-mail address",
            example: "[head-of-operations@example.com]",
          }),
          afterMinutes: guided(z.number().int().min(5).max(240), {
            expects: "a whole number of minutes from 5 to 240",
            example: "30",
          }),
        })
        .optional(),
      { expects: "emails and afterMinutes", example: "afterMinutes: 30" },
    ),
    /** When what is only worth knowing is told, from Monday to Friday. */
    workingHours: guided(
      z
        .strictObject({ timeZone, from: timeOfDay, to: timeOfDay })
        .refine(({ from, to }) => from < to)
        .default({ timeZone: "UTC", from: "09:00", to: "18:00" }),
      { expects: "timeZone, from, and a later to", example: "timeZone: America/Toronto" },
    ),
  }),
  { expects: "who is told", example: "emails: [on-call@example.com]" },
);
