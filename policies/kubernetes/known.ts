import { UnknownValueError } from "@pulumi/policy";

/** A value where it does not matter that some are not known before the change: of those, nothing. */
export function ifKnown<T extends object, K extends keyof T>(value: T, key: K): T[K] | undefined {
  try {
    return value[key];
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** The entries of an object whose values are known. */
export const knownEntries = (value: object): [string, unknown][] =>
  Object.keys(value).flatMap((key): [string, unknown][] => {
    const known = ifKnown(value as Record<string, unknown>, key);
    return known === undefined ? [] : [[key, known]];
  });
