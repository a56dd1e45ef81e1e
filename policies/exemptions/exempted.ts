import { type Exemption, settings } from "../settings.ts";

/** How many violations each exemption has let be, by the settings that hold it. */
const uses = new WeakMap<Exemption, number>();

/** The exemption that lets be what a rule says of a resource. One that has ended lets nothing be. */
const exemptionOf = (rule: string, urn: string): Exemption | undefined =>
  settings().exemptions.find(
    (exemption) => exemption.rule === rule && !hasEnded(exemption) && covers(exemption, urn),
  );

/** Whether a violation would be let be; whether there is one, nobody knows yet. */
export const mayBeExempted = (rule: string, urn: string): boolean => exemptionOf(rule, urn) !== undefined;

/** Whether a violation is let be; if so, that is counted. */
export function isExempted(rule: string, urn: string): boolean {
  const found = exemptionOf(rule, urn);
  if (found === undefined) return false;
  uses.set(found, usesOf(found) + 1);
  return true;
}

/** How many violations an exemption has let be since the pack was loaded. */
export const usesOf = (exemption: Exemption): number => uses.get(exemption) ?? 0;

/** Whether its last day is over, in UTC. */
export const hasEnded = ({ expires }: Exemption): boolean => new Date().toISOString().slice(0, 10) > expires;

function covers({ resource }: Exemption, urn: string): boolean {
  const parts = resource.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(urn);
}
