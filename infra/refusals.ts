import * as pulumi from "@pulumi/pulumi";
import type { ArgumentError } from "../components/errors.ts";
import { type JudgedDeployment, platformRefusals } from "../stacks/judgement.ts";
import { describeFaults } from "./config/faults.ts";
import { environments, type Fault, soundPartOf } from "./config/index.ts";
import { postures } from "./postures.ts";

/** Everything that is wrong with an environment. */
export interface Wrongs {
  /** For a person. */
  readonly text: string;
  /** What components refuse, for programs. */
  readonly refusals: readonly Pick<ArgumentError, "component" | "faults">[];
}

/**
 * Tells, beside the faults of a configuration, what components refuse: they are judged by what of it is sound, so that who
 * mends the one need not come back for the other.
 *
 * @param values The keys without their namespace, as they were found at fault.
 */
export function everythingWrong(
  environment: string,
  values: Record<string, unknown>,
  faults: readonly Fault[],
): Wrongs {
  const known = environments.find((name) => name === environment);
  const refused = known ? platformRefusals(judgedPart(known, values), postures[known]) : [];
  return {
    text: [describeFaults(environment, faults), ...refused.map(({ message }) => message)].join("\n"),
    refusals: refused.map((refusal) => ({ component: refusal.component, faults: refusal.faults })),
  };
}

/** What is at fault counts as given, where a component would only say that it is missing. */
function judgedPart(environment: string, values: Record<string, unknown>): JudgedDeployment {
  const { region, images, neo4jLicence, domain, pinImages, adminCidrs, controlPlaneFirewall } =
    soundPartOf(values);
  const given = (key: string) => values[key] !== undefined;
  const unknown = pulumi.output("");
  return {
    environment,
    region: region ?? unknown,
    images: images ?? { gpuPoolController: "given" },
    ...(domain !== undefined && { domain }),
    ...(pinImages !== undefined && { pinImages }),
    ...(adminCidrs && { adminCidrs }),
    ...(controlPlaneFirewall && { controlPlaneFirewall }),
    ...(given("neo4jLicence") && { neo4jLicence: neo4jLicence ?? "eval" }),
    ...(given("gpuPoolToken") && { gpuPoolToken: unknown }),
    ...(given("gpuSecretsToken") && { gpuSecretsToken: unknown }),
  };
}
