import { createServer, type Server } from "node:http";
import type { Member } from "./autoscale-pool.ts";

/** What the controller tells who asks. */
export interface ServerParts {
  readonly metrics: () => string;
  /** What is wrong; undefined while it is well. */
  readonly illness: () => string | undefined;
  /** Default: nobody asks for them. */
  readonly members?: () => Promise<readonly Member[]>;
}

/**
 * Serves `/healthz`, `/metrics`, and `/targets?port=9100`: the members as Prometheus' discovery over HTTP wants them.
 *
 * @returns a server that does not listen yet
 */
export function createApi({ metrics, illness, members }: ServerParts): Server {
  const routes: Readonly<Record<string, (query: URLSearchParams) => Answer | Promise<Answer>>> = {
    "/healthz": () => {
      const illnessNow = illness();
      return text(illnessNow === undefined ? 200 : 503, illnessNow ?? "well");
    },
    "/metrics": () => ({ status: 200, type: "text/plain; version=0.0.4", body: metrics() }),
    ...(members && { "/targets": (query: URLSearchParams) => targets(query.get("port"), members) }),
  };
  return createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://controller");
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    const answer =
      request.method === "GET" && route
        ? await route(searchParams)
        : text(404, `there are GET ${Object.keys(routes).join(", ")}`);
    response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
  });
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const text = (status: number, line: string): Answer => ({ status, type: "text/plain", body: `${line}\n` });

async function targets(port: string | null, members: () => Promise<readonly Member[]>): Promise<Answer> {
  if (port === null || !/^\d{1,5}$/.test(port)) {
    return text(400, "name the port of the metrics, as in /targets?port=9100");
  }
  try {
    const found = (await members()).map(({ name, privateAddress }) => ({
      targets: [`${privateAddress}:${port}`],
      labels: { droplet: name },
    }));
    return { status: 200, type: "application/json", body: JSON.stringify(found) };
  } catch (error) {
    // Prometheus keeps the targets that it knows.
    return text(503, `the members are not known: ${String(error)}`);
  }
}
