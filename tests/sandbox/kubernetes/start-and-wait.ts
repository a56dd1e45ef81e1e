/** A stand-in for the daemon, to be killed: starts the cluster given in the environment, says so, and waits. */
import { createKubernetesRuntime } from "../../../sandbox/kubernetes/index.ts";
import { ensureKubernetes, kubernetesVersion } from "../../../toolchain/kubernetes.ts";

const runtime = createKubernetesRuntime({
  directory: process.env.CLUSTERS ?? "",
  volumes: `${process.env.CLUSTERS}/volumes`,
  programs: () => ensureKubernetes(),
  version: await kubernetesVersion(),
  cloud: () => ({ apiUrl: "http://127.0.0.1:1", token: "" }),
  neo4j: () => Promise.reject(new Error("Nobody calls a pod here.")),
});
await runtime.start(JSON.parse(process.env.CLUSTER ?? ""));
process.stdout.write("started\n");
