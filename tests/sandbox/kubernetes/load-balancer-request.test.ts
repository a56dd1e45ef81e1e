import type { V1Service } from "@kubernetes/client-node";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  certificateReference,
  LoadBalancerConfigurationError,
  loadBalancerName,
  loadBalancerRequest,
} from "../../../sandbox/kubernetes/load-balancers/request.ts";

const CLUSTER = { id: "c1", region: "fra1", vpcUuid: "v1" };

interface ServiceOptions {
  annotations?: Record<string, string>;
  ports?: { port: number; nodePort: number; protocol?: string }[];
  spec?: V1Service["spec"];
}

/** A service; annotations are given by their last part. */
function service({
  annotations = {},
  ports = [{ port: 443, nodePort: 31443 }],
  spec = {},
}: ServiceOptions): V1Service {
  return {
    metadata: {
      name: "edge",
      namespace: "default",
      uid: "d56daa29-60ea-427d-94ee-7323de857917",
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([name, value]) => [
          `service.beta.kubernetes.io/do-loadbalancer-${name}`,
          value,
        ]),
      ),
    },
    spec: { ...spec, ports },
  };
}

function request(options: ServiceOptions, certificateId?: string) {
  return loadBalancerRequest(service(options), {
    cluster: CLUSTER,
    dropletIds: [7],
    ...(certificateId === undefined ? {} : { certificateId }),
  });
}

function faultOf(annotations: Record<string, string>, certificateId?: string): string {
  try {
    request({ annotations: { type: "REGIONAL", ...annotations } }, certificateId);
  } catch (error) {
    if (error instanceof LoadBalancerConfigurationError) return error.message;
    throw error;
  }
  return "no fault";
}

describe("a service without annotations", () => {
  it("gets a network load balancer that passes its ports on", () => {
    const ports = [
      { port: 80, nodePort: 30080 },
      { port: 53, nodePort: 30053, protocol: "UDP" },
    ];
    expect(request({ ports })).toMatchObject({
      name: "ad56daa2960ea427d94ee7323de85791",
      region: "fra1",
      vpc_uuid: "v1",
      tags: ["k8s:c1"],
      droplet_ids: [7],
      type: "REGIONAL_NETWORK",
      network: "EXTERNAL",
      network_stack: "IPV4",
      forwarding_rules: [
        { entry_protocol: "tcp", entry_port: 80, target_protocol: "tcp", target_port: 80 },
        { entry_protocol: "udp", entry_port: 53, target_protocol: "udp", target_port: 53 },
      ],
      health_check: {
        protocol: "http",
        path: "/healthz",
        port: 10256,
        check_interval_seconds: 3,
        response_timeout_seconds: 5,
        unhealthy_threshold: 3,
        healthy_threshold: 5,
      },
      sticky_sessions: { type: "none" },
      firewall: { deny: [], allow: [] },
    });
  });

  it("is checked at its own port when its traffic stays local", () => {
    const { health_check } = request({ spec: { healthCheckNodePort: 32000 } });
    expect(health_check).toMatchObject({ path: "/healthz", port: 32000 });
  });
});

describe("a load balancer that ends connections", () => {
  const REGIONAL = { type: "REGIONAL" };

  it("ends TLS on 443 once there is a certificate", () => {
    const ports = [
      { port: 80, nodePort: 30080 },
      { port: 443, nodePort: 30443 },
    ];
    const annotations = { ...REGIONAL, protocol: "http", "redirect-http-to-https": "true" };
    expect(request({ annotations, ports }, "cert")).toMatchObject({
      network_stack: "DUALSTACK",
      redirect_http_to_https: true,
      forwarding_rules: [
        { entry_protocol: "http", entry_port: 80, target_protocol: "http", target_port: 30080 },
        {
          entry_protocol: "https",
          entry_port: 443,
          target_protocol: "http",
          target_port: 30443,
          certificate_id: "cert",
        },
      ],
    });
  });

  it("passes TLS through when told so", () => {
    expect(request({ annotations: { ...REGIONAL, "tls-passthrough": "true" } }).forwarding_rules).toEqual([
      {
        entry_protocol: "https",
        entry_port: 443,
        target_protocol: "https",
        target_port: 31443,
        tls_passthrough: true,
      },
    ]);
  });

  it("offers HTTP/3 beside HTTP/2 on one port", () => {
    const annotations = { ...REGIONAL, "http2-ports": "443", "http3-port": "443" };
    const { forwarding_rules } = request({ annotations }, "cert");
    expect(
      forwarding_rules.map(({ entry_protocol, target_protocol }) => [entry_protocol, target_protocol]),
    ).toEqual([
      ["http2", "http"],
      ["http3", "http"],
    ]);
  });

  it("takes every other annotation", () => {
    const annotations = {
      ...REGIONAL,
      name: "whisper-edge",
      network: "INTERNAL",
      "size-unit": "3",
      "enable-proxy-protocol": "true",
      "enable-backend-keepalive": "true",
      "disable-lets-encrypt-dns-records": "true",
      "http-idle-timeout-seconds": "120",
      "tls-cipher-policy": "STRONG",
      "deny-rules": "ip:1.2.3.4, cidr:2.3.0.0/16",
      "allow-rules": "cidr:10.0.0.0/8",
      "sticky-sessions-type": "cookies",
      "sticky-sessions-cookie-name": "lb",
      "sticky-sessions-cookie-ttl": "60",
      "override-health-check": "true",
      "healthcheck-path": "/ready",
      "healthcheck-port": "443",
      "healthcheck-protocol": "https",
      "healthcheck-check-interval-seconds": "10",
    };
    expect(request({ annotations })).toMatchObject({
      name: "whisper-edge",
      network: "INTERNAL",
      network_stack: "IPV4",
      size_unit: 3,
      enable_proxy_protocol: true,
      enable_backend_keepalive: true,
      disable_lets_encrypt_dns_records: true,
      http_idle_timeout_seconds: 120,
      tls_cipher_policy: "STRONG",
      firewall: { deny: ["ip:1.2.3.4", "cidr:2.3.0.0/16"], allow: ["cidr:10.0.0.0/8"] },
      sticky_sessions: { type: "cookies", cookie_name: "lb", cookie_ttl_seconds: 60 },
      health_check: { protocol: "https", path: "/ready", port: 31443, check_interval_seconds: 10 },
    });
  });

  it("prefers the service's source ranges to the annotation", () => {
    const { firewall } = request({
      annotations: { "allow-rules": "ip:1.1.1.1" },
      spec: { loadBalancerSourceRanges: ["10.0.0.0/24"] },
    });
    expect(firewall.allow).toEqual(["cidr:10.0.0.0/24"]);
  });
});

describe("faults", () => {
  it.each([
    [{ type: "GLOBAL" }, "is not one of REGIONAL_NETWORK, REGIONAL"],
    [{ protocol: "ftp" }, "is not one of tcp"],
    [{ "size-unit": "0" }, "is not a whole number from 1 to 200"],
    [{ "size-unit": "1.5" }, "is not a whole number"],
    [{ "size-unit": "1", "size-slug": "lb-small" }, "only one of size-slug and size-unit"],
    [{ "tls-ports": "443,x" }, '"x" is not a port'],
    [{ "tls-ports": "443", "http-ports": "443" }, "port 443 cannot be both http and https"],
    [{ protocol: "https" }, "give either a certificate"],
    [{ "http3-port": "443" }, "is http3: it needs a certificate"],
    [{ "sticky-sessions-type": "cookies" }, "need sticky-sessions-cookie-name"],
    [{ "override-health-check": "true", "healthcheck-port": "81" }, "health check port 81 is no TCP port"],
    [{ network: "INTERNAL", "network-stack": "DUALSTACK" }, "needs the type REGIONAL"],
  ])("names what is wrong with %j", (annotations, message) => {
    expect(faultOf(annotations)).toContain(message);
  });

  it("are told all at once", () => {
    const message = faultOf({ protocol: "ftp", "size-unit": "no", "enable-proxy-protocol": "maybe" });
    expect(message.split("; ")).toHaveLength(3);
  });

  it("are the only reason to fail, whatever the annotations hold", () => {
    const annotations = fc.dictionary(
      fc.constantFrom("type", "protocol", "tls-ports", "size-unit", "network", "healthcheck-port"),
      fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom("REGIONAL", "https", "INTERNAL")),
    );
    fc.assert(
      fc.property(annotations, (given) => {
        try {
          expect(request({ annotations: given }).forwarding_rules).toHaveLength(1);
        } catch (error) {
          expect(error).toBeInstanceOf(LoadBalancerConfigurationError);
        }
      }),
    );
  });
});

describe("names", () => {
  it("are at most 32 characters of the service's UID, unless one is given", () => {
    expect(loadBalancerName(service({}))).toBe("ad56daa2960ea427d94ee7323de85791");
    expect(loadBalancerName(service({ annotations: { name: "edge" } }))).toBe("edge");
  });

  it("of certificates give way to ids", () => {
    expect(certificateReference(service({ annotations: { "certificate-name": "a" } }))).toEqual({
      name: "a",
    });
    const both = { "certificate-name": "a", "certificate-id": "b" };
    expect(certificateReference(service({ annotations: both }))).toEqual({ id: "b" });
    expect(certificateReference(service({}))).toEqual({});
  });
});
