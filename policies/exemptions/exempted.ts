import { type Exemption, settings } from "../settings.ts";

/** How many violations each exemption has let be, by the settings that hold it. */
const uses = new WeakMap<Exemption, number>();

/** Whether a violation is let be; if so, that is counted. An exemption that has ended lets nothing be. */
export function isExempted(rule: string, urn: string): boolean {
  const found = settings().exemptions.find(
    (exemption) => exemption.rule === rule && !hasEnded(exemption) && covers(exemption, urn),
  );
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
