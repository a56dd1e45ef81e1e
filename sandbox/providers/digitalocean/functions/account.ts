import { boolean, integer, string } from "../dsl/fields.ts";
import { type FunctionDefinition, functionToken } from "../dsl/resource.ts";
import { isPlainMap } from "../dsl/wire.ts";

/** The account that the token belongs to. */
export const getAccount: FunctionDefinition = {
  token: functionToken("getAccount"),
  noun: "getAccount",
  inputs: {},
  outputs: {
    dropletLimit: integer(),
    email: string(),
    emailVerified: boolean(),
    floatingIpLimit: integer(),
    id: string({ wire: "uuid" }),
    status: string(),
    statusMessage: string(),
    uuid: string(),
  },
  async answer(_inputs, { api, signal }) {
    const { account } = await api.get("/v2/account", signal);
    return isPlainMap(account) ? account : {};
  },
};
