import { type Fields, list, object, string } from "../dsl/fields.ts";

/** Who is told of an alert. */
export const receivers: Fields = {
  emails: list(string({ pattern: [/^[^@\s]+@[^@\s]+$/, "is no e-mail address"] }), { wire: "email" }),
  slacks: list(
    object({
      channel: string({ required: true, minLength: 1 }),
      url: string({
        required: true,
        pattern: [/^https:\/\//, "must be the https address of a Slack webhook"],
      }),
    }),
    { wire: "slack" },
  ),
};
