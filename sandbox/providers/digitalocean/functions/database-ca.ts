import { string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { uuid } from "../dsl/values.ts";
import { isPlainMap } from "../dsl/wire.ts";

/** The certificate authority that a database cluster's servers are known by, in PEM. */
export const getDatabaseCa: FunctionDefinition = {
  token: functionToken("getDatabaseCa"),
  noun: "getDatabaseCa",
  inputs: { clusterId: string({ required: true, rules: [uuid] }) },
  outputs: { certificate: string(), id: string() },
  async answer(inputs, { api, signal }) {
    const clusterId = String(inputs.clusterId);
    const { ca } = await api.get(`/v2/databases/${clusterId}/ca`, signal);
    const encoded = isPlainMap(ca) ? String(ca.certificate ?? "") : "";
    return {
      id: clusterId,
      cluster_id: clusterId,
      certificate: Buffer.from(encoded, "base64").toString("utf8"),
    };
  },
};
