/**
 * The block of private addresses of each environment. None overlaps another, so that the networks can be joined one
 * day; a preview refuses it.
 */
export const addressBlocks = {
  staging: "10.16.0.0/14",
  production: "10.20.0.0/14",
} as const satisfies Record<string, string>;

/** The blocks of all environments but this one. */
export function neighboursOf(environment: string): Record<string, string> {
  return Object.fromEntries(Object.entries(addressBlocks).filter(([name]) => name !== environment));
}
