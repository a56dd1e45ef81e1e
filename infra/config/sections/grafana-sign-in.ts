import { z } from "zod";
import { guided } from "../guidance.ts";

/** An address of an OpenID provider, as its discovery document names it. */
const providerAddress = (endpoint: string, path: string) =>
  guided(z.url({ protocol: /^https$/ }), {
    expects: `the https address that the provider's discovery document names as ${endpoint}`,
    example: `https://id.example.com/oauth2/v1/${path}`,
  });

const providerGroups = guided(z.array(z.string().regex(/^[\w .:@/-]{1,200}$/)).min(1), {
  expects: "a list of at least one group's name of letters, digits, spaces and . : @ / _ -",
  example: "[platform]",
});

/** An OpenID provider through which operators sign in to Grafana. */
export const grafanaSignIn = guided(
  z
    .strictObject({
      /** What stands on the button. */
      providerName: guided(z.string().regex(/^[\w .-]{1,40}$/), {
        expects: "a name of up to 40 letters, digits, spaces, dots and hyphens",
        example: "Okta",
      }),
      /** What the provider calls Grafana. */
      clientId: guided(z.string().regex(/^[\w.:@/-]{1,200}$/), {
        expects: "the client id that the provider gave",
        example: "0oa1b2c3d4",
      }),
      authorizationUrl: providerAddress("authorization_endpoint", "authorize"),
      tokenUrl: providerAddress("token_endpoint", "token"),
      userInfoUrl: providerAddress("userinfo_endpoint", "userinfo"),
      /** Claim that lists somebody's groups. */
      groupsClaim: guided(z.string().regex(/^\w{1,60}$/), {
        expects: "the name of a claim",
        example: "groups",
      }).default("groups"),
      /** Groups of each role; who is in none of them is not let in. */
      groups: guided(
        z
          .strictObject({
            admin: providerGroups.optional(),
            editor: providerGroups.optional(),
            viewer: providerGroups.optional(),
          })
          .refine((groups) => Object.keys(groups).length > 0),
        { expects: "groups of at least one of admin, editor and viewer", example: "admin: [platform]" },
      ),
    })
    .optional(),
  {
    expects: "providerName, clientId, three addresses of the provider and groups",
    example: "providerName: Okta",
  },
);
