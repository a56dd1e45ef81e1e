import type { SpacesBucketPolicyArgs } from "@pulumi/digitalocean";
import { z } from "zod";
import { resourceRule } from "../../rule.ts";
import { isEverybody } from "../addresses.ts";

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** As much of a policy's statement as says who is let in. */
const statement = z.object({
  Effect: z.string(),
  Principal: z.union([z.string(), z.object({ AWS: texts })]).optional(),
  Condition: z.object({ IpAddress: z.object({ "aws:SourceIp": texts.optional() }).optional() }).optional(),
});
const document = z.object({
  Statement: z.union([z.array(statement), statement.transform((only) => [only])]),
});

export const refusePublicBucketPolicies = resourceRule<SpacesBucketPolicyArgs>({
  name: "refuse-public-bucket-policies",
  description: "A bucket's policy lets nobody in who is not named: it outweighs the bucket's own privacy.",
  remedy:
    'name the key in `Principal`, or allow addresses of your own: `Condition: { IpAddress: { "aws:SourceIp": ... } }`',
  severity: "critical",
  references: [
    { framework: "CIS DigitalOcean", id: "Spaces: access control" },
    { framework: "Trivy", id: "DIG-0006" },
    { framework: "ScoutSuite", id: "spaces-buckets-public-read" },
    { framework: "ScoutSuite", id: "spaces-buckets-public-write" },
    { framework: "GDPR", id: "Article 32" },
  ],
  types: ["digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy"],
  check: ({ policy }, report) => {
    const read = document.safeParse(jsonOf(policy));
    if (!read.success) {
      report("it cannot be read, so nobody knows whom it lets in", "policy");
      return;
    }
    for (const [index, each] of read.data.Statement.entries()) {
      if (each.Effect === "Allow" && isForEverybody(each))
        report("it lets everybody in", `policy.Statement[${index}]`);
    }
  },
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without a principal it names those it does not mean: all others. */
function isForEverybody({ Principal, Condition }: z.infer<typeof statement>): boolean {
  const named = typeof Principal === "object" ? Principal.AWS : [Principal ?? "*"];
  if (!named.includes("*")) return false;
  const addresses = Condition?.IpAddress?.["aws:SourceIp"] ?? [];
  return addresses.length === 0 || addresses.some(isEverybody);
}
