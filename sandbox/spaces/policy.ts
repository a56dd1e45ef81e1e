import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { S3Error } from "./errors.ts";

const texts = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());
const conditionOperators = [
  "Bool",
  "IpAddress",
  "NotIpAddress",
  "StringEquals",
  "StringNotEquals",
  "StringLike",
  "StringNotLike",
] as const;
const conditionKeys = [
  "aws:SecureTransport",
  "aws:SourceIp",
  "aws:Referer",
  "aws:UserAgent",
  "s3:prefix",
] as const;

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Principal: z.union([z.literal("*"), z.strictObject({ AWS: texts })]),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z
      .partialRecord(z.enum(conditionOperators), z.partialRecord(z.enum(conditionKeys), texts))
      .optional(),
  })
  .refine((statement) => (statement.Action === undefined) !== (statement.NotAction === undefined), {
    message: "exactly one of Action and NotAction is needed",
  })
  .refine((statement) => (statement.Resource === undefined) !== (statement.NotResource === undefined), {
    message: "exactly one of Resource and NotResource is needed",
  });

const policySchema = z.strictObject({
  Version: z.enum(["2012-10-17", "2008-10-17"]).optional(),
  Id: z.string().optional(),
  Statement: z
    .union([statementSchema, z.array(statementSchema).min(1)])
    .transform((statements) => [statements].flat()),
});

type Statement = z.infer<typeof statementSchema>;

/** What a policy judges of a request. */
export interface PolicySubject {
  /** `s3:GetObject` and the like. */
  readonly action: string;
  readonly bucket: string;
  readonly key?: string;
  /** The access key of the caller; undefined for an anonymous one. */
  readonly accessKey?: string;
  readonly conditions: Readonly<Partial<Record<(typeof conditionKeys)[number], string>>>;
}

/**
 * Checks a bucket's policy document before it is kept.
 *
 * @throws S3Error MalformedPolicy with every fault
 */
export function validatePolicy(document: string, bucket: string): void {
  const faults: string[] = [];
  const policy = parsePolicy(document, (problem) => faults.push(problem));
  for (const [index, statement] of (policy ?? []).entries()) {
    for (const resource of statement.Resource ?? statement.NotResource ?? []) {
      const arn = `arn:aws:s3:::${bucket}`;
      if (
        resource !== arn &&
        !resource.startsWith(`${arn}/`) &&
        resource !== "*" &&
        resource !== "arn:aws:s3:::*"
      ) {
        faults.push(`Statement.${index}.Resource: "${resource}" is not in this bucket (${arn}, ${arn}/*)`);
      }
    }
    for (const operator of ["IpAddress", "NotIpAddress"] as const) {
      for (const range of Object.values(statement.Condition?.[operator] ?? {}).flat()) {
        if (readRange(range) !== undefined) continue;
        faults.push(`Statement.${index}.Condition.${operator}: "${range}" is no address and no range`);
      }
    }
  }
  if (faults.length > 0) {
    throw new S3Error("MalformedPolicy", `Policy has invalid elements: ${faults.join("; ")}.`);
  }
}

/** What the policy says of the request: a denial outweighs every allowance; undefined where it says nothing. */
export function judgePolicy(document: string, subject: PolicySubject): "Allow" | "Deny" | undefined {
  const statements = parsePolicy(document, () => undefined) ?? [];
  const effects = statements.filter((statement) => applies(statement, subject)).map((each) => each.Effect);
  return effects.includes("Deny") ? "Deny" : effects[0];
}

function parsePolicy(document: string, onFault: (problem: string) => void): Statement[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(document);
  } catch {
    onFault("it is not JSON");
    return undefined;
  }
  const parsed = policySchema.safeParse(json);
  if (parsed.success) return parsed.data.Statement;
  for (const issue of parsed.error.issues) onFault(`${issue.path.join(".") || "policy"}: ${issue.message}`);
  return undefined;
}

function applies(statement: Statement, subject: PolicySubject): boolean {
  const arn = `arn:aws:s3:::${subject.bucket}${subject.key === undefined ? "" : `/${subject.key}`}`;
  return (
    matchesPrincipal(statement, subject) &&
    selects(statement.Action, statement.NotAction, subject.action, { ignoreCase: true }) &&
    selects(statement.Resource, statement.NotResource, arn, { ignoreCase: false }) &&
    Object.entries(statement.Condition ?? {}).every(([operator, operands]) =>
      Object.entries(operands ?? {}).every(([name, wanted]) =>
        conditionHolds(
          operator,
          wanted ?? [],
          Object.entries(subject.conditions).find(([key]) => key === name)?.[1],
        ),
      ),
    )
  );
}

function matchesPrincipal(statement: Statement, subject: PolicySubject): boolean {
  if (statement.Principal === "*") return true;
  return statement.Principal.AWS.some(
    (principal) =>
      principal === "*" || (subject.accessKey !== undefined && principal.endsWith(`/${subject.accessKey}`)),
  );
}

function selects(
  wanted: readonly string[] | undefined,
  unwanted: readonly string[] | undefined,
  value: string,
  options: { ignoreCase: boolean },
): boolean {
  if (wanted !== undefined) return wanted.some((pattern) => glob(pattern, value, options));
  return !(unwanted ?? []).some((pattern) => glob(pattern, value, options));
}

const conditionTests: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  Bool: (wanted, value) => wanted === value,
  IpAddress: isInRange,
  StringEquals: (wanted, value) => wanted === value,
  StringLike: (wanted, value) => glob(wanted, value, { ignoreCase: false }),
};

function conditionHolds(operator: string, wanted: readonly string[], value: string | undefined): boolean {
  const negated = operator.includes("Not");
  if (value === undefined) return negated;
  const test = conditionTests[operator.replace("Not", "")];
  return wanted.some((each) => test?.(each, value)) !== negated;
}

function isInRange(range: string, address: string): boolean {
  return readRange(range)?.check(address, isIP(address) === 6 ? "ipv6" : "ipv4") ?? false;
}

/** Reads `10.0.0.0/8` or `10.0.0.1`, of either family; undefined for what is neither. */
function readRange(range: string): BlockList | undefined {
  const [, network = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(network)] ?? -1;
  if (Number(prefix ?? 0) > bits) return undefined;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix ?? bits), bits === 128 ? "ipv6" : "ipv4");
  return list;
}

/**
 * `*` for any text, `?` for any character. No regular expression: with many stars and a long key, one would try for hours
 * what a client may ask for in one request. Here a star only ever gives way to the next one.
 */
function glob(pattern: string, value: string, options: { ignoreCase: boolean }): boolean {
  const [wanted, text] = options.ignoreCase ? [pattern.toLowerCase(), value.toLowerCase()] : [pattern, value];
  let [at, place] = [0, 0];
  let star: { readonly after: number; from: number } | undefined;
  while (place < text.length) {
    if (wanted[at] === "*") {
      at += 1;
      star = { after: at, from: place };
    } else if (wanted[at] === "?" || wanted[at] === text[place]) {
      at += 1;
      place += 1;
    } else if (star !== undefined) {
      star.from += 1;
      at = star.after;
      place = star.from;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(at));
}
