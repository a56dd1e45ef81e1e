import { stackRule } from "../rule.ts";
import { outdatedIn, reached } from "./ended-apis.ts";

export const refuseRemovedApis = stackRule({
  name: "refuse-removed-apis",
  description:
    "Objects are written in versions of APIs that the cluster serves: of others it says in the middle of an up that it knows no such kind.",
  remedy: "write the version that the message names, such as `apiVersion: policy/v1`",
  severity: "high",
  references: [
    { framework: "Trivy", id: "KSV-0107" },
    { framework: "NSA/CISA", id: "Upgrading and application security practices" },
  ],
  check: (resources, report) => {
    const removed = outdatedIn(
      resources,
      ({ removedIn }, minor) => removedIn !== undefined && reached(minor, removedIn),
    );
    for (const { urn, api } of removed)
      report(
        urn,
        `Kubernetes ${api.removedIn} and later serve no ${api.apiVersion} of it; ${api.instead ?? "nothing"} is in its place`,
      );
  },
});
