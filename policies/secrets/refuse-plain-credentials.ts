import { resourceRule } from "../rule.ts";
import { plainCredentialsOf } from "./plain-texts.ts";

export const refusePlainCredentials = resourceRule<Record<string, unknown>>({
  name: "refuse-plain-credentials",
  description:
    "Credentials that a program hands to a resource are marked as secret: else they stand in the state, in previews and in pull requests, for everybody.",
  remedy:
    "keep it with `pulumi config set --secret` and read it by `config.requireSecret(...)`, or wrap it: `pulumi.secret(token)`; then make a new one, as this one was seen",
  severity: "critical",
  references: [
    { framework: "SOC 2", id: "CC6.1" },
    { framework: "ISO 27001", id: "A.8.24" },
    { framework: "GDPR", id: "Article 32" },
  ],
  types: (type) => !type.startsWith("kubernetes:"),
  // What is unknown yet comes from the cloud, and not from a program or its configuration.
  check: (inputs, report, { urn }) => {
    for (const { path, kind } of plainCredentialsOf(urn, inputs))
      report(`it holds ${kind} in the clear`, path);
  },
});
