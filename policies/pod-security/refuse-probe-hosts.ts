import { containerRule } from "../kubernetes/pods.ts";

export const refuseProbeHosts = containerRule({
  name: "refuse-probe-hosts",
  description:
    "Probes and hooks ask their own pod: the kubelet sends them, and with a host it asks for anybody, past every network policy.",
  remedy: "take `host` out of `httpGet` or `tcpSocket`",
  severity: "medium",
  references: [{ framework: "Pod Security Standards", id: "baseline" }],
  check: (container, report, path) => {
    const asked = {
      livenessProbe: container.livenessProbe,
      readinessProbe: container.readinessProbe,
      startupProbe: container.startupProbe,
      "lifecycle.postStart": container.lifecycle?.postStart,
      "lifecycle.preStop": container.lifecycle?.preStop,
    };
    for (const [name, handler] of Object.entries(asked)) {
      for (const way of ["httpGet", "tcpSocket"] as const) {
        const host = handler?.[way]?.host;
        if (host) report(`it asks ${host}`, `${path}.${name}.${way}.host`);
      }
    }
  },
});
