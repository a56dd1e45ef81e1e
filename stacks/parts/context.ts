import type { Ownership } from "../../components/ownership.ts";
import type { Deployment } from "../deployment.ts";
import type { Posture } from "../posture.ts";
import { platformTraffic, trafficChoices } from "../traffic.ts";

/** What every part of the platform is told. */
export interface Context {
  /** What the operator decides. */
  readonly deployment: Deployment;
  /** How large the environment is, and how carefully kept. */
  readonly posture: Posture;
  readonly ownership: Ownership;
  /** Whether the engine refuses to delete what holds data. */
  readonly protect: boolean;
  /** How a thing is called in this environment. */
  readonly named: (thing: string) => string;
  /** Domain of the API; that of the front end is the deployment's. */
  readonly apiDomain: string;
  /** Host of what operators look at in a browser. */
  readonly operatorsDomain: string;
  /** Who talks to whom. */
  readonly parties: ReturnType<typeof platformTraffic>;
}

/** Settles what follows from the operator's decisions and the posture alone. */
export function contextOf(deployment: Deployment, posture: Posture): Context {
  const { environment, owner, costCentre, domain } = deployment;
  return {
    deployment,
    posture,
    ownership: { environment, owner, costCentre },
    protect: posture.protectStores && !deployment.decommissioned,
    named: namedIn(environment),
    apiDomain: `api.${domain}`,
    operatorsDomain: `ops.${domain}`,
    parties: platformTraffic(trafficChoices(deployment, posture)),
  };
}

/** How a thing is called in an environment. */
export const namedIn =
  (environment: string) =>
  (thing: string): string =>
    `whisper-${environment}-${thing}`;

/** What users call by its name, and what is asked of it. */
export const publicNamesOf = ({
  deployment,
  apiDomain,
}: Pick<Context, "deployment" | "apiDomain">): { readonly site: string; readonly api: string } => ({
  site: `https://${deployment.domain}`,
  api: `https://${apiDomain}/health`,
});
