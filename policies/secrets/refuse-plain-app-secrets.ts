import type { AppArgs } from "@pulumi/digitalocean";
import { secretName } from "../../catalog/secret-names.ts";
import { isGiven } from "../digitalocean/links.ts";
import { resourceRule } from "../rule.ts";

/** The parts of an app that have variables of their own. */
const parts = ["functions", "jobs", "services", "staticSites", "workers"] as const;

/** One variable of an app's. */
interface Variable {
  readonly key?: string | undefined;
  readonly type?: string | undefined;
}

export const refusePlainAppSecrets = resourceRule<Pick<AppArgs, "spec">>({
  name: "refuse-plain-app-secrets",
  description:
    "Secrets of an app are of the type SECRET: of any other they stand in the control panel and in each answer of the API.",
  remedy: 'set `type: "SECRET"` for the variable, and hand its value in by `config.requireSecret(...)`',
  severity: "high",
  references: [
    { framework: "SOC 2", id: "CC6.1" },
    { framework: "ISO 27001", id: "A.8.24" },
  ],
  types: ["digitalocean:index/app:App"],
  check: ({ spec }, report) => {
    const judge = (variables: readonly Variable[], path: string) => {
      for (const variable of variables) {
        // Its name decides: whether the value is known yet does not matter.
        if (secretName.test(variable.key ?? "") && variable.type !== "SECRET" && isGiven(variable, "value"))
          report("its value is readable", `${path}[${variable.key}]`);
      }
    };
    judge(spec?.envs ?? [], "spec.envs");
    for (const part of parts) {
      for (const [index, { envs }] of (spec?.[part] ?? []).entries())
        judge(envs ?? [], `spec.${part}[${index}].envs`);
    }
  },
});
