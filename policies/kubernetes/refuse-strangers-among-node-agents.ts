import { isOfNodeAgents, podRule } from "./pods.ts";

export const refuseStrangersAmongNodeAgents = podRule({
  name: "refuse-strangers-among-node-agents",
  description:
    "In the namespace of node agents, where the cluster refuses nothing, run the DaemonSets that the catalogue names and nothing else.",
  remedy:
    "put it into another namespace, or name it in `catalog/node-agents.ts` with what it needs of the node",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "privileged" },
    { framework: "CIS Kubernetes", id: "5.2.1" },
  ],
  check: ({ path, namespace, agent }, report) => {
    if (isOfNodeAgents(namespace) && agent === undefined) report("it is no node agent", path);
  },
});
