import type { SpacesBucketArgs, SpacesBucketCorsConfigurationArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const refuseOpenCors = resourceRule<
  Pick<SpacesBucketArgs | SpacesBucketCorsConfigurationArgs, "corsRules">
>({
  name: "refuse-open-cors",
  description:
    "The web pages that may read and write a bucket are named: with a star, any page that a user visits may, in that user's name.",
  remedy: 'name them: `allowedOrigins: ["https://whisper.example.com"]`',
  severity: "medium",
  references: [
    { framework: "ScoutSuite", id: "spaces-buckets-cors" },
    { framework: "ISO 27001", id: "A.8.26" },
  ],
  types: [
    "digitalocean:index/spacesBucket:SpacesBucket",
    "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration",
  ],
  check: ({ corsRules }, report) => {
    for (const [index, { allowedOrigins }] of (corsRules ?? []).entries()) {
      for (const origin of allowedOrigins) {
        const path = `corsRules[${index}].allowedOrigins`;
        if (/^(?:https?:\/\/)?\*(?:\.[a-z]{2,})?$/i.test(origin)) report(`${origin} is every page`, path);
        else if (/^http:\/\/(?!localhost\b|127\.0\.0\.1\b)/i.test(origin))
          report(`${origin} is not encrypted, so anybody on the way is that page`, path);
      }
    }
  },
});
