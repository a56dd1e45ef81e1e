import { z } from "zod";
import { endpoint } from "../../endpoint.ts";
import { metricsAccess, replaceMetricsAccess } from "./account.ts";
import { provisionAll } from "./provision.ts";

const path = "/v2/databases/metrics/credentials";

const read = endpoint({
  method: "GET",
  path,
  handle: ({ cloud }) => {
    const { user, password } = metricsAccess(cloud);
    const credentials = { basic_auth_username: user, basic_auth_password: password };
    // The description nests the credentials once more than DigitalOcean's own client reads them: both find theirs.
    return { credentials: { ...credentials, credentials } };
  },
});

const replace = endpoint({
  method: "PUT",
  path,
  status: 204,
  body: z.strictObject({
    credentials: z.strictObject({
      basic_auth_username: z.string().min(1),
      basic_auth_password: z.string().min(1),
    }),
  }),
  handle: async ({ cloud, body: { credentials } }) => {
    replaceMetricsAccess(cloud, {
      user: credentials.basic_auth_username,
      password: credentials.basic_auth_password,
    });
    await provisionAll(cloud);
  },
});

export const databaseMetricsCredentials = [read, replace];
