import { string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { isPlainMap } from "../dsl/wire.ts";

/** With what the metrics endpoints of all the account's database clusters are asked. */
export const getDatabaseMetricsCredentials: FunctionDefinition = {
  token: functionToken("getDatabaseMetricsCredentials"),
  noun: "getDatabaseMetricsCredentials",
  inputs: {},
  outputs: { id: string(), password: string({ secret: true }), username: string() },
  async answer(_inputs, { api, signal }) {
    const { credentials } = await api.get("/v2/databases/metrics/credentials", signal);
    const told = isPlainMap(credentials) ? credentials : {};
    const username = String(told.basic_auth_username ?? "");
    return { id: username, username, password: String(told.basic_auth_password ?? "") };
  },
};
