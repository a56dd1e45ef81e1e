import { list, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { isPlainMap } from "../dsl/wire.ts";
import { uniqueId } from "../support/unique-id.ts";

/** The versions that clusters can have, newest first. */
export const getKubernetesVersions: FunctionDefinition = {
  token: functionToken("getKubernetesVersions"),
  noun: "getKubernetesVersions",
  inputs: { versionPrefix: string({ wire: null }) },
  outputs: { id: string(), latestVersion: string(), validVersions: list(string()) },
  async answer(inputs, { api, signal }) {
    const { options } = await api.get("/v2/kubernetes/options", signal);
    const versions = isPlainMap(options) && Array.isArray(options.versions) ? options.versions : [];
    const prefix = String(inputs.versionPrefix ?? "");
    const valid = versions
      .filter(isPlainMap)
      .map((version) => String(version.slug))
      .filter((slug) => slug.startsWith(prefix));
    return { id: uniqueId("terraform-"), valid_versions: valid, latest_version: valid[0] ?? null };
  },
};
