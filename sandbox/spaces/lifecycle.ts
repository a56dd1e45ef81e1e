import { randomUUID } from "node:crypto";
import { S3Error } from "./errors.ts";
import type { LifecycleRule } from "./model.ts";
import type { XmlContent, XmlElement } from "./xml.ts";

const maxRules = 1000;
const maxIdLength = 255;

/** Reads the rules of a `LifecycleConfiguration`. @throws S3Error */
export function readLifecycleRules(configuration: XmlElement): LifecycleRule[] {
  const rules = configuration.all("Rule").map(readRule);
  if (rules.length === 0 || rules.length > maxRules) {
    throw new S3Error(
      "MalformedXML",
      `A lifecycle configuration has 1 to ${maxRules} rules, not ${rules.length}.`,
    );
  }
  const ids = rules.map((rule) => rule.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new S3Error(
      "InvalidArgument",
      `Rule ID must be unique. Found same ID for more than one rule: "${twice}".`,
    );
  }
  return rules;
}

function readRule(element: XmlElement): LifecycleRule {
  const id = element.textOf("ID") || randomUUID();
  const status = element.require("Status");
  if (status !== "Enabled" && status !== "Disabled") {
    throw new S3Error("MalformedXML", `Rule "${id}": Status is Enabled or Disabled, not "${status}".`);
  }
  if (id.length > maxIdLength) {
    throw new S3Error("InvalidArgument", `ID length should not exceed allowed limit of ${maxIdLength}.`);
  }
  checkUnderstood(element, "Rule", id);
  const noncurrentDays = element.first("NoncurrentVersionExpiration")?.integerOf("NoncurrentDays", 1);
  const abortDays = element.first("AbortIncompleteMultipartUpload")?.integerOf("DaysAfterInitiation", 1);
  const expiration = element.first("Expiration");
  const rule: LifecycleRule = {
    id,
    enabled: status === "Enabled",
    prefix: readPrefix(element),
    ...(expiration === undefined ? {} : { expiration: readExpiration(expiration, id) }),
    ...(noncurrentDays === undefined ? {} : { noncurrentDays }),
    ...(abortDays === undefined ? {} : { abortIncompleteMultipartUploadDays: abortDays }),
  };
  if (rule.expiration === undefined && noncurrentDays === undefined && abortDays === undefined) {
    throw new S3Error("InvalidRequest", `Rule "${id}": at least one action needs to be specified in a rule.`);
  }
  return rule;
}

/** What a rule and its parts may hold; whatever else there is would make it act on other objects than was asked for. */
const understood: Readonly<Record<string, readonly string[]>> = {
  Rule: [
    "ID",
    "Status",
    "Filter",
    "Prefix",
    "Expiration",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
  ],
  Filter: ["Prefix", "And"],
  And: ["Prefix"],
  Expiration: ["Days", "Date", "ExpiredObjectDeleteMarker"],
  NoncurrentVersionExpiration: ["NoncurrentDays"],
  AbortIncompleteMultipartUpload: ["DaysAfterInitiation"],
};

function checkUnderstood(element: XmlElement, name: string, id: string): void {
  const names = understood[name] ?? [];
  const strange = element.names().find((each) => !names.includes(each));
  if (strange !== undefined) {
    throw new S3Error(
      "NotImplemented",
      `Rule "${id}": ${name} takes ${names.join(", ")} here, not ${strange}.`,
    );
  }
  for (const part of names.filter((each) => understood[each] !== undefined)) {
    for (const child of element.all(part)) checkUnderstood(child, part, id);
  }
}

function readPrefix(element: XmlElement): string {
  const filter = element.first("Filter");
  const and = filter?.first("And");
  const prefix = and?.first("Prefix") ?? filter?.first("Prefix") ?? element.first("Prefix");
  return prefix?.rawText() ?? "";
}

function readExpiration(element: XmlElement, id: string): NonNullable<LifecycleRule["expiration"]> {
  const days = element.integerOf("Days", 1);
  const date = element.textOf("Date");
  const marker = element.textOf("ExpiredObjectDeleteMarker");
  if ([days, date, marker].filter((value) => value !== undefined).length !== 1) {
    throw new S3Error(
      "MalformedXML",
      `Rule "${id}": Expiration needs exactly one of Days, Date and ExpiredObjectDeleteMarker.`,
    );
  }
  if (date !== undefined && !/^\d{4}-\d\d-\d\dT00:00:00(\.0+)?Z$/.test(date)) {
    throw new S3Error("InvalidArgument", `Rule "${id}": 'Date' must be at midnight GMT, not "${date}".`);
  }
  if (days !== undefined) return { days };
  return date === undefined ? { expiredObjectDeleteMarker: marker === "true" } : { date };
}

/** The rules as the content of a `LifecycleConfiguration`. */
export function renderLifecycleRules(rules: readonly LifecycleRule[]): { Rule: XmlContent[] } {
  return {
    Rule: rules.map((rule) => ({
      ID: rule.id,
      Filter: { Prefix: rule.prefix },
      Status: rule.enabled ? "Enabled" : "Disabled",
      Expiration: rule.expiration && {
        Days: rule.expiration.days,
        Date: rule.expiration.date,
        ExpiredObjectDeleteMarker: rule.expiration.expiredObjectDeleteMarker,
      },
      NoncurrentVersionExpiration:
        rule.noncurrentDays === undefined ? undefined : { NoncurrentDays: rule.noncurrentDays },
      AbortIncompleteMultipartUpload:
        rule.abortIncompleteMultipartUploadDays === undefined
          ? undefined
          : { DaysAfterInitiation: rule.abortIncompleteMultipartUploadDays },
    })),
  };
}
