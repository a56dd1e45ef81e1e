import { describe, expect, it } from "vitest";
import { Edge, type EdgeArgs } from "../../components/edge/edge.ts";
import { edgeArgs } from "./fixtures.ts";
import { record, refusalOf, resolved } from "./harness.ts";

const edge = (changes: Partial<EdgeArgs> = {}) =>
  record(() => new Edge("edge", { ...edgeArgs(), ...changes }));
const annotation = (name: string) => `service.beta.kubernetes.io/do-loadbalancer-${name}`;

describe("the edge", () => {
  it("asks for a load balancer that ends TLS by the certificate's name and sends everybody to HTTPS", async () => {
    expect((await edge()).named("edge-load-balancer").inputs).toMatchObject({
      metadata: {
        annotations: {
          [annotation("certificate-name")]: "certificate",
          [annotation("redirect-http-to-https")]: "true",
          [annotation("tls-cipher-policy")]: "STRONG",
          [annotation("enable-proxy-protocol")]: "true",
          [annotation("http-idle-timeout-seconds")]: "600",
        },
      },
      spec: {
        type: "LoadBalancer",
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 443, targetPort: 8080 },
        ],
      },
    });
  });

  it("keeps a WebSocket open as long at the load balancer as in nginx", async () => {
    const recording = await edge({ webSocketIdleSeconds: 120 });
    expect(recording.named("edge-load-balancer").inputs).toMatchObject({
      metadata: { annotations: { [annotation("http-idle-timeout-seconds")]: "120" } },
    });
    expect(JSON.stringify(recording.named("edge-nginx").inputs)).toContain("proxy_read_timeout 120s;");
  });

  it("allows media of the bucket, and nothing of other origins", async () => {
    expect(JSON.stringify((await edge()).named("edge-nginx").inputs)).toContain(
      "media-src 'self' blob: https://media-k7f2q.tor1.digitaloceanspaces.com;",
    );
  });

  it("leaves the weights to the releases", async () => {
    const recording = await edge();
    expect(recording.named("edge-release").ignoreChanges).toEqual(["data"]);
    expect(recording.named("edge-nginx").ignoreChanges).toEqual([]);
  });

  it("says where the load balancer is", async () => {
    const { result } = await edge();
    expect(await resolved(result.address)).toBe("198.51.100.20");
  });

  it("opens the administration to operators only, and writes nothing else into nginx's configuration", async () => {
    const { message } = await refusalOf(
      () =>
        new Edge("edge", {
          ...edgeArgs(),
          adminCidrs: ["203.0.113.0/24", "0.0.0.0/1", "all; allow 10.0.0.0/8"],
        }),
    );
    expect(message).toContain("2 faults");
    for (const path of ["adminCidrs[1]", "adminCidrs[2]"]) expect(message).toContain(`- ${path} is`);
  });

  it("tells all faults of its arguments at once", async () => {
    const { message } = await refusalOf(
      () =>
        new Edge("edge", { ...edgeArgs(), adminCidrs: [], webSocketIdleSeconds: 3600, loadBalancerNodes: 0 }),
    );
    expect(message).toContain("The arguments of edge have 3 faults");
    expect(message).toContain("webSocketIdleSeconds is 3600, which is not a whole number between 30 and 600");
  });
});
