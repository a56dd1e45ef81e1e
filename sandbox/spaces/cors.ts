import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "./errors.ts";
import type { Bucket, CorsRule } from "./model.ts";
import type { XmlContent, XmlElement } from "./xml.ts";

const methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];
const maxRules = 100;

/** Reads the rules of a `CORSConfiguration`. @throws S3Error with the first rule that is wrong */
export function readCorsRules(configuration: XmlElement): CorsRule[] {
  const rules = configuration.all("CORSRule").map(readRule);
  if (rules.length === 0 || rules.length > maxRules) {
    throw new S3Error(
      "MalformedXML",
      `A CORS configuration has 1 to ${maxRules} rules, not ${rules.length}.`,
    );
  }
  return rules;
}

function readRule(element: XmlElement): CorsRule {
  const id = element.textOf("ID");
  const maxAgeSeconds = element.integerOf("MaxAgeSeconds", 0);
  const rule = {
    ...(id === undefined ? {} : { id }),
    allowedOrigins: element.textsOf("AllowedOrigin"),
    allowedMethods: element.textsOf("AllowedMethod"),
    allowedHeaders: element.textsOf("AllowedHeader"),
    exposeHeaders: element.textsOf("ExposeHeader"),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) {
    throw new S3Error("MalformedXML", "Every CORSRule needs an AllowedOrigin and an AllowedMethod.");
  }
  const unknown = rule.allowedMethods.find((method) => !methods.includes(method));
  if (unknown !== undefined) {
    throw new S3Error(
      "InvalidRequest",
      `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}; use one of ${methods.join(", ")}.`,
    );
  }
  const wild = [...rule.allowedOrigins, ...rule.allowedHeaders].find((text) => text.split("*").length > 2);
  if (wild !== undefined) {
    throw new S3Error(
      "InvalidRequest",
      `AllowedOrigin and AllowedHeader "${wild}" can have at most one wildcard (*).`,
    );
  }
  return rule;
}

/** The rules as the content of a `CORSConfiguration`. */
export function renderCorsRules(rules: readonly CorsRule[]): { CORSRule: XmlContent[] } {
  return {
    CORSRule: rules.map((rule) => ({
      ID: rule.id,
      AllowedOrigin: [...rule.allowedOrigins],
      AllowedMethod: [...rule.allowedMethods],
      AllowedHeader: [...rule.allowedHeaders],
      ExposeHeader: [...rule.exposeHeaders],
      MaxAgeSeconds: rule.maxAgeSeconds,
    })),
  };
}

/** The CORS headers of an answer; none where the request is not from a browser or no rule allows it. */
export function corsHeaders(
  bucket: Bucket | undefined,
  headers: IncomingHttpHeaders,
  method: string,
): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  const wantedHeaders = String(headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const rule = bucket?.cors?.find(
    (each) =>
      each.allowedMethods.includes(method) &&
      each.allowedOrigins.some((pattern) => wildcardMatches(pattern, origin)) &&
      wantedHeaders.every((name) =>
        each.allowedHeaders.some((pattern) => wildcardMatches(pattern.toLowerCase(), name)),
      ),
  );
  if (rule === undefined) return {};
  return {
    "access-control-allow-origin": rule.allowedOrigins.includes("*") ? "*" : origin,
    "access-control-allow-methods": rule.allowedMethods.join(", "),
    ...(wantedHeaders.length > 0 ? { "access-control-allow-headers": wantedHeaders.join(", ") } : {}),
    ...(rule.exposeHeaders.length > 0
      ? { "access-control-expose-headers": rule.exposeHeaders.join(", ") }
      : {}),
    ...(rule.maxAgeSeconds === undefined ? {} : { "access-control-max-age": String(rule.maxAgeSeconds) }),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

function wildcardMatches(pattern: string, value: string): boolean {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return pattern === value;
  return value.length >= before.length + after.length && value.startsWith(before) && value.endsWith(after);
}
