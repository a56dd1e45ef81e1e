import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent } from "undici";
import { type ClusterApi, readingWith } from "../cluster.ts";

/** Where a pod finds who it is to its cluster. */
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The API of the cluster in which this runs, as the pod's own account.
 *
 * @param environment says where it answers, as in every pod
 */
export function ownCluster(
  environment: Readonly<Record<string, string | undefined>>,
  folder = accountFolder,
): ClusterApi {
  const { KUBERNETES_SERVICE_HOST: host = "kubernetes.default.svc", KUBERNETES_SERVICE_PORT: port = "443" } =
    environment;
  return readingWith(async () => {
    const [token, ca] = await Promise.all(
      ["token", "ca.crt"].map((file) => readFile(join(folder, file), "utf8")),
    );
    return {
      server: `https://${host}:${port}`,
      token: (token ?? "").trim(),
      dispatcher: new Agent({ connect: { ca } }),
    };
  });
}
