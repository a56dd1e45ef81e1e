import { ensureEngine } from "./engine.ts";
import { ToolchainError } from "./errors.ts";
import { ensureKubernetes } from "./kubernetes.ts";

/** `npm run toolchain`: gets every program ahead of time, so that what follows starts at once. */
const options = { onProgress: (line: string) => void process.stderr.write(`${line}\n`) };
try {
  const engine = await ensureEngine(options);
  const kubernetes = await ensureKubernetes(options);
  process.stdout.write(`Pulumi ${engine.version}: ${engine.pulumiPath}\n`);
  process.stdout.write(`Kubernetes ${kubernetes.version}: ${kubernetes.apiServer}\n`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
