import { RegistryError } from "./errors.ts";
import type { Repository } from "./model.ts";

/** What the account has of a registry, as far as pushing into it goes. */
export interface RegistryRules {
  /** While its garbage is collected nothing can be written. */
  readonly readOnly: boolean;
  /** How many repositories it may have; Infinity for any number. */
  readonly repositoryLimit: number;
  /** How many bytes it may hold; Infinity where what is above costs extra and is not refused. */
  readonly storageLimitBytes: number;
}

/** The rules of a registry by its name; undefined where there is none. Asked for each request. */
export type FindRules = (registry: string) => RegistryRules | undefined;

/** What of a registry counts against its limits. */
interface Usage {
  repositories(registry: string): readonly string[];
  usedBytes(registry: string): number;
}

/** Refuses what the plan does not include. @throws RegistryError DENIED, with the limit */
export function requireRoom(
  rules: RegistryRules,
  usage: Usage,
  { registry, repository }: Repository,
  moreBytes: number,
): void {
  const repositories = usage.repositories(registry);
  if (!repositories.includes(repository) && repositories.length >= rules.repositoryLimit) {
    throw new RegistryError(
      "DENIED",
      `registry contains ${repositories.length} repositories, limit is ${rules.repositoryLimit}`,
    );
  }
  const needed = usage.usedBytes(registry) + moreBytes;
  if (needed > rules.storageLimitBytes) {
    throw new RegistryError(
      "DENIED",
      `registry would hold ${needed} bytes, the plan's storage is ${rules.storageLimitBytes}`,
    );
  }
}
