import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";

/** Port on which Grafana answers people, and Prometheus. */
export const grafanaPort = 3000;

/** Whom Grafana calls. */
interface GrafanaCalls {
  /** Where it reads what it shows, and what that is. */
  readonly sources: readonly { readonly to: Endpoint; readonly purpose: string }[];
  /** Whether an OpenID provider says who somebody is. */
  readonly signIn: boolean;
}

/** Grafana, which reads what it shows, and asks the provider of identities where there is one. */
export function grafanaTraffic({ sources, signIn }: GrafanaCalls) {
  return declarePods("grafana", "monitoring", {
    listens: { http: { port: grafanaPort, metrics: true } },
    calls: [...sources, ...(signIn ? [{ to: internet.at.https, purpose: "who signs in" }] : [])],
  });
}
