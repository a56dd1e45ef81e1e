import type { Backend } from "../../components/edge/nginx.ts";
import { grafanaBackend } from "../../components/grafana/grafana.ts";
import { kibanaBackend } from "../../components/kibana/kibana.ts";
import type { Posture } from "../posture.ts";
import type { Namespaces } from "./namespaces.ts";

/**
 * What operators look at in a browser, by the first part of its path. Another one is a line here, and a call of the edge's
 * in `stacks/traffic.ts`.
 */
export const consolesOf = (
  named: (thing: string) => string,
  namespaces: Namespaces,
  { logs }: Pick<Posture, "logs">,
): Record<string, Backend> => ({
  grafana: grafanaBackend(named("grafana"), namespaces.monitoring),
  ...(logs.store === "elk" && { kibana: kibanaBackend(named("kibana"), namespaces.logs) }),
});
