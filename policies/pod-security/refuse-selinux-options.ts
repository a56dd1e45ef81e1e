import { podRule } from "../kubernetes/pods.ts";

const types = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

export const refuseSelinuxOptions = podRule({
  name: "refuse-selinux-options",
  description:
    "Pods keep the labels of SELinux that the runtime gives: others undo what separates them from their node.",
  remedy: "take `user` and `role` out of `seLinuxOptions`, and let `type` be one of containers",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Trivy", id: "KSV-0025" },
  ],
  check: (pod, report) => {
    for (const { context, path } of pod.securityContexts()) {
      const { type, user, role } = context.seLinuxOptions ?? {};
      const where = `${path}.seLinuxOptions`;
      if (!types.includes(type ?? "")) report(`${type} is no type of containers`, `${where}.type`);
      if (user) report(`it is ${user}`, `${where}.user`);
      if (role) report(`it is ${role}`, `${where}.role`);
    }
  },
});
