/** What a program that watches nodes is given of them, and nothing else in the cluster is. */
export interface NodeAgent {
  /** Paths of the node that it reads; never written to. */
  readonly hostPaths: Readonly<Record<string, string>>;
  /**
   * Folders of the node that are its own, made for it: what must outlive its pod is there.
   * @default it writes nothing on the node
   */
  readonly ownFolders?: Readonly<Record<string, string>>;
  /** Linux capabilities that it keeps; with any it runs as root, since only root can have them. */
  readonly capabilities: readonly string[];
  /**
   * `Unconfined`, where the runtime's profile of AppArmor would keep it from what it is for.
   * @default the runtime's profile
   */
  readonly appArmor?: "Unconfined";
  /** Why it needs them. */
  readonly reason: string;
}

/** What the namespace of node agents is for: the label by which rules know it, and the end of its name. */
export const nodeAgentsNamespace = "node-agents";

/** Every node agent there is, by the name its pods bear. The rules let each do what stands here, and no more. */
export const nodeAgents = {
  falco: {
    hostPaths: {
      "/proc": "which processes there are",
      "/etc": "what the node's users are called",
      "/sys/kernel/tracing": "the trace points that its probe is put on",
      "/run/containerd/containerd.sock": "which pod a container is of; who holds the socket holds the node",
    },
    // What Falco's own documentation names as the least for its modern eBPF probe.
    capabilities: ["BPF", "PERFMON", "SYS_PTRACE", "SYS_RESOURCE"],
    appArmor: "Unconfined",
    reason: "sees the system calls of every process of the node",
  },
  "log-shipping": {
    hostPaths: { "/var/log/pods": "what containers write to their output" },
    ownFolders: {
      "/var/lib/whisper-log-shipping": "how far it has read, and what the store has not taken yet",
    },
    // The files are root's, and so is it.
    capabilities: [],
    reason: "sends on what containers write, from every node",
  },
  "node-exporter": {
    hostPaths: {
      "/proc": "processors, memory, load and what is mounted",
      "/sys": "which devices there are",
      "/mnt":
        "an empty folder of the root file system, which tells how full that is and nothing that is in it",
    },
    capabilities: [],
    reason: "counts what the node has left",
  },
} as const satisfies Record<string, NodeAgent>;
