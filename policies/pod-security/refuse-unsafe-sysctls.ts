import { podRule } from "../kubernetes/pods.ts";

/** Those that Kubernetes 1.32 and later hold apart for each pod; the standard of 1.37 has two more. */
const safe = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_notsent_lowat",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_slow_start_after_idle",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const refuseUnsafeSysctls = podRule({
  name: "refuse-unsafe-sysctls",
  description:
    "A pod sets only those of the kernel's parameters that are its own: others are every pod's of its node.",
  remedy: `take it out, or set one of ${safe.slice(0, 3).join(", ")} and the like`,
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Trivy", id: "KSV-0026" },
  ],
  check: ({ spec, path }, report) => {
    for (const { name } of spec.securityContext?.sysctls ?? []) {
      if (!safe.includes(name))
        report(`${name} is every pod's of the node`, `${path}.securityContext.sysctls`);
    }
  },
});
