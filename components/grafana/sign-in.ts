import type * as pulumi from "@pulumi/pulumi";

/** What somebody may do in Grafana, by rising right: look, look around and silence alerts, everything. */
export type GrafanaRole = "viewer" | "editor" | "admin";

/** An OpenID provider that says who somebody is, and in which groups. */
export interface SignIn {
  /** What stands on the button. @example "Okta" */
  readonly providerName: string;
  /** What the provider calls Grafana. @example "0oa1b2c3d4" */
  readonly clientId: string;
  /** What proves to the provider that it is Grafana which asks. Secret. @example "a-long-random-text" */
  readonly clientSecret: pulumi.Input<string>;
  /** Where people prove who they are. @example "https://id.example.com/oauth2/v1/authorize" */
  readonly authorizationUrl: string;
  /** Where Grafana gets its tokens. @example "https://id.example.com/oauth2/v1/token" */
  readonly tokenUrl: string;
  /** Where Grafana reads who somebody is. @example "https://id.example.com/oauth2/v1/userinfo" */
  readonly userInfoUrl: string;
  /**
   * Claim that lists somebody's groups.
   * @default "groups"
   * @example "roles"
   */
  readonly groupsClaim?: string | undefined;
  /** Groups of each role; who is in none is not let in. @example { admin: ["platform"], viewer: ["engineering"] } */
  readonly groups: { readonly [Role in GrafanaRole]?: readonly string[] | undefined };
}

const rolesByRight = ["admin", "editor", "viewer"] as const satisfies readonly GrafanaRole[];

/** An expression of JMESPath that finds the highest role of somebody's groups. */
export function roleExpression({ groupsClaim = "groups", groups }: Omit<SignIn, "clientSecret">): string {
  return rolesByRight
    .flatMap((role) =>
      (groups[role] ?? []).map(
        (group) => `contains(${groupsClaim}[*], '${group}') && '${role[0]?.toUpperCase()}${role.slice(1)}'`,
      ),
    )
    .join(" || ");
}
