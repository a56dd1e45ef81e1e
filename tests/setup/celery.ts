import { execa } from "execa";
import { cacheDirectory, cached } from "../../toolchain/cache.ts";

/** What is installed: Celery as applications have it, with what it needs for Valkey. */
const celery = "5.6.3";
const packages = [`celery==${celery}`, "kombu==5.7.0", "redis==8.1.0"];

/**
 * A folder with Celery and its libraries, for `PYTHONPATH`: from the cache, else from PyPI by pip.
 *
 * @returns why there is none, where neither can be had
 */
export async function ensureCelery(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  try {
    const folder = await cached(
      { cache: cacheDirectory(), name: "celery", version: celery },
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
