const factors = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
} as const;

const pattern = /^(?<digits>\d+(\.\d+)?)(?<suffix>m|[kMGT]|[KMGT]i)?$/;

/** A quantity as Kubernetes writes it, such as `250m` processors or `512Mi` of memory, as a number of its unit. */
export function quantity(text: string): number | undefined {
  const { digits, suffix = "" } = pattern.exec(text)?.groups ?? {};
  return digits === undefined ? undefined : Number(digits) * factors[suffix as keyof typeof factors];
}

/** How many GiB a quantity of bytes is; `NaN` for what is no quantity. */
export const gib = (text: string): number => (quantity(text) ?? Number.NaN) / factors.Gi;
