import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

// Constructing the pack is what serves it, so nothing else may import this file.
new PolicyPack("whisper-platform", {
  enforcementLevel: "mandatory",
  policies: rules.map((rule) => rule.policy),
});
