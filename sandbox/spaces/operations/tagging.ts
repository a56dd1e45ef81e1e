import { S3Error } from "../errors.ts";
import type { SpacesState } from "../state.ts";
import { parseXml } from "../xml.ts";
import { checkTags, versionHeader } from "./description.ts";
import { type ObjectRequest, type Operation, xmlResponse } from "./operation.ts";

/** The tags of objects. */
export const taggingOperations: readonly Operation[] = [
  {
    name: "GetObjectTagging",
    method: "GET",
    scope: "object",
    selectors: ["tagging"],
    action: "s3:GetObjectTagging",
    need: "read",
    handle: (state, { bucket, key, query }) => {
      const version = state.object(bucket.name, key, query.get("versionId"));
      const tags = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
      return xmlResponse("Tagging", { TagSet: { Tag: tags } }, versionHeader(version.versionId));
    },
  },
  {
    name: "PutObjectTagging",
    method: "PUT",
    scope: "object",
    selectors: ["tagging"],
    action: "s3:PutObjectTagging",
    need: "write",
    handle: async (state, request) => {
      const tagSet = parseXml(await request.payload.text(), "Tagging").first("TagSet");
      if (tagSet === undefined) throw new S3Error("MalformedXML", "Tagging needs a TagSet.");
      const tags = tagSet.all("Tag").map((tag) => [tag.require("Key"), tag.textOf("Value") ?? ""] as const);
      return { headers: setTags(state, request, checkTags(tags)) };
    },
  },
  {
    name: "DeleteObjectTagging",
    method: "DELETE",
    scope: "object",
    selectors: ["tagging"],
    action: "s3:DeleteObjectTagging",
    need: "write",
    handle: (state, request) => ({ status: 204, headers: setTags(state, request, {}) }),
  },
];

function setTags(
  state: SpacesState,
  request: ObjectRequest,
  tags: Record<string, string>,
): Record<string, string> {
  const { bucket, key } = request;
  const { versionId } = state.object(bucket.name, key, request.query.get("versionId"));
  const versions = state.objects
    .versions(bucket.name, key)
    .map((each) => (each.kind === "object" && each.versionId === versionId ? { ...each, tags } : each));
  state.objects.setVersions(bucket.name, key, versions);
  return versionHeader(versionId);
}
