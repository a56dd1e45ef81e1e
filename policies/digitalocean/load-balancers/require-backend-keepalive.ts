import { balancerRule } from "./balancer.ts";

export const requireBackendKeepalive = balancerRule({
  name: "require-backend-keepalive",
  description:
    "A load balancer keeps its connections to what is behind it: a new one for each request runs out of ports under load. Advice, because few requests need none.",
  remedy:
    'set `enableBackendKeepalive: true` (a Service: `service.beta.kubernetes.io/do-loadbalancer-enable-backend-keepalive: "true"`)',
  severity: "low",
  level: "advisory",
  references: [{ framework: "ScoutSuite", id: "networking-load-balancer-backend-keepalive-disabled" }],
  check: ({ readsHttp, setting }, report) => {
    if (!readsHttp) return;
    const { value, path } = setting("enableBackendKeepalive", "enable-backend-keepalive");
    if (String(value) !== "true") report("each request gets a connection of its own", path);
  },
});
