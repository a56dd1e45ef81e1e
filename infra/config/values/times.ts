import { z } from "zod";
import { didYouMean } from "../did-you-mean.ts";
import { guided, refuse } from "../guidance.ts";

/** As the IANA database writes it: Alertmanager minds capitals. */
export const timeZone = guided(
  z.string().superRefine((name, context) => {
    if (name === "UTC" || isTimeZone(name)) return;
    const near = didYouMean(name, Intl.supportedValuesOf("timeZone"));
    refuse(
      context,
      `is "${name}", which is no time zone`,
      `${near ? `Did you mean "${near}"? ` : ""}Write a name of the IANA database, for example America/Toronto.`,
    );
  }),
  { expects: "a time zone of the IANA database", example: "America/Toronto" },
);

function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*){1,2}$/.test(name)) return false;
  try {
    const { timeZone: known } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

export const timeOfDay = guided(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { abort: true }), {
  expects: "a time of day from 00:00 to 23:59, quoted",
  example: '"09:00"',
});
