import { chmodSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { type ExitStatus, exitStatus, failure, usageError } from "../../exit.ts";
import { commandLine } from "../../report/command-line.ts";
import type { Output } from "../../report/output.ts";
import { runningSandbox } from "./running.ts";

export interface KubeconfigOptions {
  /** A file to write instead of standard output. */
  readonly output?: string;
}

const clustersSchema = z.object({
  kubernetes_clusters: z.array(z.object({ id: z.string(), name: z.string(), tags: z.array(z.string()) })),
});

/** Hands out what `kubectl` needs to reach an environment's cluster in the sandbox, as DigitalOcean's API gives it. */
export async function runSandboxKubeconfig(
  environment: string,
  { output: file }: KubeconfigOptions,
  output: Output,
): Promise<ExitStatus> {
  const clusters = clustersSchema.parse(JSON.parse(await fromApi("/v2/kubernetes/clusters?per_page=200")));
  const cluster = clusters.kubernetes_clusters.find(({ tags }) =>
    tags.includes(`environment:${environment}`),
  );
  if (cluster === undefined) {
    throw failure(
      `The sandbox has no cluster of an environment "${environment}". ` +
        `"${commandLine("up", environment, true)}" makes it; "npx platform sandbox inventory" lists what there is.`,
    );
  }
  const kubeconfig = await fromApi(`/v2/kubernetes/clusters/${cluster.id}/kubeconfig`);
  if (file === undefined) {
    output.result({ environment, cluster: cluster.name, kubeconfig }, kubeconfig.trimEnd());
    return exitStatus.done;
  }
  writePrivate(file, kubeconfig);
  output.result(
    { environment, cluster: cluster.name, file },
    `${file} reaches ${cluster.name}: kubectl --kubeconfig ${file} get pods -A\n` +
      "Nothing runs in the pods: kubectl logs, exec and port-forward have nothing to reach.",
  );
  return exitStatus.done;
}

async function fromApi(path: string): Promise<string> {
  const { record } = runningSandbox();
  const answer = await fetch(`http://127.0.0.1:${record.ports.api}${path}`, {
    headers: { authorization: `Bearer ${record.apiToken}` },
  }).catch((cause: unknown) => {
    throw failure("The sandbox does not answer: it was stopped or killed meanwhile.", cause);
  });
  const text = await answer.text();
  if (answer.ok) return text;
  throw failure(`The sandbox's API answers GET ${path} with status ${answer.status}: ${text}`);
}

/** A kubeconfig holds credentials: its file is its owner's alone, also where it was there before. */
function writePrivate(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    throw usageError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
