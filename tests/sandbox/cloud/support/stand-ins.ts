import type { KubernetesRuntime } from "../../../../sandbox/kubernetes/runtime.ts";
import type { StoresRuntime } from "../../../../sandbox/stores/runtime.ts";

/** Managed stores of which none can run: database clusters are state of the API only. */
export function absentStores(): StoresRuntime {
  return {
    offer: () => ({ reason: "the tests have none" }),
    choosePlace: () => Promise.reject(new Error("there are no servers")),
    apply: async () => {},
    delete: async () => {},
    isMade: () => false,
    report: () => [],
    close: async () => {},
  };
}

/** A Kubernetes that starts nothing, for tests of the API alone: every cluster given to it runs. */
export function idleKubernetes(): KubernetesRuntime {
  const clusters = new Map<string, string>();
  return {
    versions: [
      { slug: "1.36.3-do.0", kubernetesVersion: "1.36.3" },
      { slug: "1.35.2-do.1", kubernetesVersion: "1.35.2" },
    ],
    start: async ({ id, name }) => {
      clusters.set(id, name);
    },
    stop: async () => {},
    delete: async (clusterId) => {
      clusters.delete(clusterId);
    },
    deleteVolume: async () => {},
    setNodes: async () => {},
    kubeconfig: async (clusterId) => `apiVersion: v1\nkind: Config\ncurrent-context: ${clusterId}\n`,
    credentials: async () => ({
      server: "https://127.0.0.1:6443",
      certificateAuthorityData: "Y2E=",
      token: "token-of-a-cluster",
      expiresAt: "2026-11-28T09:00:00Z",
    }),
    status: (clusterId) => (clusters.has(clusterId) ? "running" : "error"),
    report: () =>
      [...clusters].map(([id, name]) => ({ id, name, status: "running", processes: [], podServers: [] })),
    isIdle: () => true,
    close: async () => {},
  };
}
