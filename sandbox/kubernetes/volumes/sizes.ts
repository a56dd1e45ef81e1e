/** How large a volume must be for a claim. Pure. */

const GIB = 1024 ** 3;
const SMALLEST_GIB = 1;
const LARGEST_GIB = 16 * 1024;

const SUFFIXES: Record<string, number> = {
  "": 1,
  m: 1 / 1000,
  k: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  T: 1000 ** 4,
  P: 1000 ** 5,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: GIB,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
};

/**
 * A Kubernetes quantity in its plain unit, e.g. bytes.
 * @throws when `quantity` is none
 */
export function parseQuantity(quantity: string): number {
  const match = /^([+-]?\d+(?:\.\d+)?)(?:([eE][+-]?\d+)|([a-zA-Z]*))$/.exec(quantity);
  const factor = SUFFIXES[match?.[3] ?? ""];
  if (match === null || factor === undefined)
    throw new Error(`"${quantity}" is not a quantity, such as 10Gi`);
  return Number(`${match[1]}${match[2] ?? ""}`) * factor;
}

/**
 * Size of the volume for a claim of this quantity, in GiB: whole ones, at least one.
 * @throws when the claim is larger than DigitalOcean's largest volume
 */
export function volumeGib(quantity: string): number {
  const gib = Math.max(SMALLEST_GIB, Math.ceil(parseQuantity(quantity) / GIB));
  if (gib > LARGEST_GIB) {
    throw new Error(
      `invalid capacity range: required (${quantity}) can not exceed maximum supported volume size (${LARGEST_GIB}Gi)`,
    );
  }
  return gib;
}
