import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "../errors.ts";
import type { CannedAcl } from "../model.ts";
import { parseXml, type XmlContent } from "../xml.ts";
import {
  accountOwner,
  type BucketRequest,
  type Operation,
  type S3Response,
  xmlResponse,
} from "./operation.ts";

const allUsers = "http://acs.amazonaws.com/groups/global/AllUsers";

/** ACLs of buckets and objects: Spaces knows `private` and `public-read`. */
export const aclOperations: readonly Operation[] = [
  {
    name: "GetBucketAcl",
    method: "GET",
    scope: "bucket",
    selectors: ["acl"],
    action: "s3:GetBucketAcl",
    need: "manage",
    handle: (_state, { bucket }) => renderAcl(bucket.acl),
  },
  {
    name: "PutBucketAcl",
    method: "PUT",
    scope: "bucket",
    selectors: ["acl"],
    action: "s3:PutBucketAcl",
    need: "manage",
    handle: async (state, request) => {
      const acl = await readAcl(request);
      state.putBucket({ ...state.bucket(request.bucket.name), acl });
      return {};
    },
  },
  {
    name: "GetObjectAcl",
    method: "GET",
    scope: "object",
    selectors: ["acl"],
    action: "s3:GetObjectAcl",
    need: "read",
    handle: (state, { bucket, key, query }) =>
      renderAcl(state.object(bucket.name, key, query.get("versionId")).acl),
  },
  {
    name: "PutObjectAcl",
    method: "PUT",
    scope: "object",
    selectors: ["acl"],
    action: "s3:PutObjectAcl",
    need: "write",
    handle: async (state, request) => {
      const acl = await readAcl(request);
      const { bucket, key } = request;
      const { versionId } = state.object(bucket.name, key, request.query.get("versionId"));
      const versions = state.objects
        .versions(bucket.name, key)
        .map((each) => (each.kind === "object" && each.versionId === versionId ? { ...each, acl } : each));
      state.objects.setVersions(bucket.name, key, versions);
      return {};
    },
  },
];

/** The canned ACL of the `x-amz-acl` header; private where there is none. @throws S3Error InvalidArgument */
export function readCannedAcl(headers: IncomingHttpHeaders): CannedAcl {
  const acl = headers["x-amz-acl"] ?? "private";
  if (acl === "private" || acl === "public-read") return acl;
  throw new S3Error("InvalidArgument", `Spaces knows the ACLs private and public-read, not "${acl}".`, {
    details: { ArgumentName: "x-amz-acl", ArgumentValue: String(acl) },
  });
}

async function readAcl(request: BucketRequest): Promise<CannedAcl> {
  const document = await request.payload.text();
  if (document.trim() === "") return readCannedAcl(request.headers);
  const grants = parseXml(document, "AccessControlPolicy").first("AccessControlList")?.all("Grant") ?? [];
  const publicGrants = grants.filter((grant) => grant.first("Grantee")?.textOf("URI") !== undefined);
  for (const grant of publicGrants) {
    const [uri, permission] = [grant.first("Grantee")?.textOf("URI"), grant.textOf("Permission")];
    if (uri !== allUsers || permission !== "READ") {
      throw new S3Error(
        "InvalidArgument",
        `Spaces knows the ACLs private and public-read: a group may only be ${allUsers}, with READ.`,
      );
    }
  }
  return publicGrants.length > 0 ? "public-read" : "private";
}

function renderAcl(acl: CannedAcl): S3Response {
  const grants: XmlContent[] = [
    { Grantee: { ...xsi("CanonicalUser"), ...accountOwner }, Permission: "FULL_CONTROL" },
  ];
  if (acl === "public-read") grants.push({ Grantee: { ...xsi("Group"), URI: allUsers }, Permission: "READ" });
  return xmlResponse("AccessControlPolicy", { Owner: accountOwner, AccessControlList: { Grant: grants } });
}

function xsi(type: string): { [name: string]: XmlContent } {
  return { "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "@xsi:type": type };
}
