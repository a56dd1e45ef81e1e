import { containerRule } from "../kubernetes/pods.ts";

export const refuseUnmaskedProc = containerRule({
  name: "refuse-unmasked-proc",
  description:
    "What the runtime hides of /proc stays hidden: unmasked it shows and changes the node's kernel.",
  remedy: "take `procMount` out",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "Trivy", id: "KSV-0027" },
  ],
  check: ({ securityContext }, report, path) => {
    const procMount = securityContext?.procMount ?? "Default";
    if (procMount !== "Default") report(`it is ${procMount}`, `${path}.securityContext.procMount`);
  },
});
