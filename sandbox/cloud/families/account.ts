import { endpoint } from "../endpoint.ts";
import type { Family } from "../family.ts";

/** The one account of the sandbox. The limits are a fresh account's after its first raise. */
const sandboxAccount = {
  droplet_limit: 100,
  floating_ip_limit: 20,
  reserved_ip_limit: 20,
  volume_limit: 100,
  email: "sandbox@example.com",
  name: "Sandbox",
  uuid: "5a4d9c3e-0000-4000-8000-000000000001",
  email_verified: true,
  status: "active",
  status_message: "",
  team: { uuid: "5a4d9c3e-0000-4000-8000-000000000002", name: "Sandbox" },
};

const read = endpoint({
  method: "GET",
  path: "/v2/account",
  handle: () => ({ account: sandboxAccount }),
});

/** The account the token belongs to. */
export const account: Family = { name: "account", endpoints: [read] };
