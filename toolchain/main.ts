import { ToolchainError } from "./errors.ts";
import { kubernetesVersion } from "./kubernetes.ts";
import { ensureToolchain } from "./toolchain.ts";

/** `npm run toolchain`: gets every program ahead of time, so that what follows starts at once. */
try {
  const { engine, kubernetes } = await ensureToolchain({
    onProgress: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`Pulumi ${engine.version}: ${engine.pulumiPath}\n`);
  process.stdout.write(`Kubernetes ${await kubernetesVersion()}: ${kubernetes.apiServer}\n`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
