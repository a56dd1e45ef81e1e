/** Decimal exponent by suffix, smallest first. */
const DECIMAL: readonly (readonly [suffix: string, exponent: number])[] = [
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
];

/** Power of two by suffix, smallest first. */
const BINARY: readonly (readonly [suffix: string, power: number])[] = [
  ["Ki", 10],
  ["Mi", 20],
  ["Gi", 30],
  ["Ti", 40],
  ["Pi", 50],
  ["Ei", 60],
];

const FORM = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;

/** Quantities are kept to a billionth: finer fractions are rounded up, as the API server does. */
const NANO = 1_000_000_000n;

/**
 * A quantity in the form in which the API server stores it: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`. Text that
 * is no quantity comes back as it is: the schema's check says what is wrong with it.
 */
export function canonicalQuantity(text: string | number): string {
  const parts = FORM.exec(String(text).trim());
  if (parts === null) return String(text);
  const [, sign = "", digits = "", suffix = "", exponent] = parts;
  const binary = BINARY.find(([name]) => name === suffix);
  const nanos = toNanos(digits, binary, suffix, exponent);
  const negative = sign === "-" && nanos > 0n;
  const form = binary !== undefined ? binaryForm(nanos) : decimalForm(nanos, exponent !== undefined);
  return negative ? `-${form}` : form;
}

/** Whether the text has the form of a quantity. */
export function isQuantity(text: string | number): boolean {
  return FORM.test(String(text).trim());
}

function toNanos(
  digits: string,
  binary: readonly [string, number] | undefined,
  suffix: string,
  exponent: string | undefined,
): bigint {
  const [whole = "", fraction = ""] = digits.split(".");
  const unscaled = BigInt(whole + fraction);
  const tens =
    exponent !== undefined ? Number(exponent) : (DECIMAL.find(([name]) => name === suffix)?.[1] ?? 0);
  const power = tens + 9 - fraction.length;
  const scaled = binary === undefined ? unscaled : unscaled << BigInt(binary[1]);
  if (power >= 0) return scaled * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (scaled + divisor - 1n) / divisor;
}

/** The largest binary suffix that leaves a whole number; fractions of a byte fall back to decimals. */
function binaryForm(nanos: bigint): string {
  if (nanos % NANO !== 0n) return decimalForm(nanos, false);
  const units = nanos / NANO;
  const fitting = BINARY.filter(([, power]) => units !== 0n && units % (1n << BigInt(power)) === 0n).at(-1);
  return fitting === undefined ? String(units) : `${units >> BigInt(fitting[1])}${fitting[0]}`;
}

/** The largest decimal suffix that leaves a whole number, as a suffix or as an exponent. */
function decimalForm(nanos: bigint, asExponent: boolean): string {
  if (nanos === 0n) return "0";
  const fitting = DECIMAL.filter(([, exponent]) => nanos % 10n ** BigInt(exponent + 9) === 0n).at(-1);
  const [suffix, exponent] = fitting ?? ["n", -9];
  const number = nanos / 10n ** BigInt(exponent + 9);
  if (!asExponent) return `${number}${suffix}`;
  return exponent === 0 ? String(number) : `${number}e${exponent}`;
}
