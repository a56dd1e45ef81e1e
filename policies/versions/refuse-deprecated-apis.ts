import { stackRule } from "../rule.ts";
import { outdatedIn, reached } from "./ended-apis.ts";

export const refuseDeprecatedApis = stackRule({
  name: "refuse-deprecated-apis",
  description:
    "Objects are written in versions of APIs that stay: of those that go, an upgrade of the cluster would make refusals.",
  remedy: "write the version that the message names, such as `apiVersion: resource.k8s.io/v1`",
  severity: "medium",
  level: "advisory",
  references: [{ framework: "Trivy", id: "KSV-0107" }],
  check: (resources, report) => {
    const deprecated = outdatedIn(
      resources,
      ({ deprecatedIn, removedIn }, minor) =>
        reached(minor, deprecatedIn) && !(removedIn !== undefined && reached(minor, removedIn)),
    );
    for (const { urn, api } of deprecated) {
      const end = api.removedIn === undefined ? "" : ` and ends with ${api.removedIn}`;
      report(
        urn,
        `its ${api.apiVersion} is deprecated since ${api.deprecatedIn}${end}; ${api.instead ?? "nothing"} is in its place`,
      );
    }
  },
});
