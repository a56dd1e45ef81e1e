import { createHash } from "node:crypto";
import { execa } from "execa";
import { cacheDirectory, cached } from "../../toolchain/cache.ts";

/** A folder for `PYTHONPATH`, or why there is none. */
type Packages = { readonly folder: string } | { readonly missing: string };

/**
 * A folder with Python packages: from the cache, else from PyPI by pip.
 *
 * @param packages Each with its version; those that they need come too. @example ["celery==5.6.3"]
 */
export async function ensurePython(name: string, packages: readonly string[]): Promise<Packages> {
  const version = createHash("sha256").update(packages.join("\n")).digest("hex").slice(0, 12);
  try {
    const folder = await cached(
      { cache: cacheDirectory(), name, version },
      async (directory) => {
        const options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--target", directory];
        await execa("python3", ["-m", "pip", "install", ...options, ...packages]);
      },
      () => undefined,
    );
    return { folder };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Celery as applications have it, with what it needs for Valkey. */
export const ensureCelery = (): Promise<Packages> =>
  ensurePython("celery", ["celery==5.6.3", "kombu==5.7.0", "redis==8.1.0"]);
