import { z } from "zod";
import { listOf } from "../fields.ts";

/** Whom an alert tells: at least one address or one channel. */
export const notificationsSchema = z
  .strictObject({
    email: listOf(z.email("is not an e-mail address")),
    slack: listOf(
      z.strictObject({
        channel: z.string().min(1),
        url: z.url({ protocol: /^https$/, error: "is not a URL that begins with https://" }),
      }),
    ),
  })
  .refine(({ email, slack }) => email.length + slack.length > 0, {
    message: "name at least one e-mail address or one Slack channel",
  });
