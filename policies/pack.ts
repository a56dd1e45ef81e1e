import { PolicyPack } from "@pulumi/policy";
import { deserializeOnce } from "./deserialize-once.ts";
import { settingsPolicies } from "./exemptions/settings-policies.ts";
import { rememberInputs } from "./inputs.ts";
import { packName } from "./rule.ts";
import { rules } from "./rules.ts";
import { rememberPlainCredentials } from "./secrets/plain-texts.ts";

// Constructing the pack is what serves it, so nothing else may import this file.
deserializeOnce();
new PolicyPack(packName, {
  enforcementLevel: "mandatory",
  policies: [
    rememberInputs,
    rememberPlainCredentials,
    ...rules.map(({ policy }) => policy),
    ...settingsPolicies(rules),
  ],
});
