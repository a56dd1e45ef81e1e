/**
 * Who goes first where there is no room for all, and who is sent away last, most important first. Node agents come
 * before all others, since there is one on each node or the node is not watched; batch comes last, since a queue waits.
 */
export const priorities = {
  "node-agent": { value: 900_000, for: "watches its node, so that nothing on it is more important" },
  store: { value: 800_000, for: "holds data that the rest asks for" },
  edge: { value: 700_000, for: "what the internet reaches; without it nothing is reached" },
  application: { value: 600_000, for: "answers users" },
  monitoring: { value: 500_000, for: "watches, and may be late" },
  batch: { value: 100_000, for: "works off a queue, and gives its job back when it has to go" },
} as const satisfies Record<string, { readonly value: number; readonly for: string }>;

/** How important a pod is. */
export type Priority = keyof typeof priorities;

/** What Kubernetes knows a priority by; plain text, known in a preview. */
export const priorityClassOf = (priority: Priority): string => `whisper-${priority}`;
