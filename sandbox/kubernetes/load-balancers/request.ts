/** From a Service of type LoadBalancer to the load balancer that DigitalOcean is asked for. Pure. */
import type { V1Service, V1ServicePort } from "@kubernetes/client-node";
import { AnnotationReader } from "./annotations.ts";

/** Kube-proxy answers health checks here on every node. */
const KUBE_PROXY_HEALTH = { path: "/healthz", port: 10_256 };
const HTTPS_PORT = 443;

const LOAD_BALANCER_TYPES = ["REGIONAL_NETWORK", "REGIONAL"] as const;
const NETWORKS = ["EXTERNAL", "INTERNAL"] as const;
const PROTOCOLS = ["tcp", "http", "https", "http2", "http3"] as const;
const HEALTH_CHECK_PROTOCOLS = ["tcp", "http", "https"] as const;
const SIZE_SLUGS = ["lb-small", "lb-medium", "lb-large"] as const;

export interface ForwardingRule {
  entry_protocol: string;
  entry_port: number;
  target_protocol: string;
  target_port: number;
  certificate_id?: string;
  tls_passthrough?: boolean;
}

/** Body of `POST /v2/load_balancers` and `PUT /v2/load_balancers/<id>`. */
export interface LoadBalancerRequest {
  name: string;
  region: string;
  vpc_uuid: string;
  tags: string[];
  droplet_ids: number[];
  forwarding_rules: ForwardingRule[];
  health_check: Record<string, string | number>;
  sticky_sessions: Record<string, string | number>;
  firewall: { deny: string[]; allow: string[] };
  [field: string]: unknown;
}

/** What a load balancer depends on beside its Service. */
export interface LoadBalancerSurroundings {
  cluster: { id: string; region: string; vpcUuid: string };
  /** Droplets of the cluster's nodes. */
  dropletIds: number[];
  /** Id of the certificate that the annotations name, once it is looked up. */
  certificateId?: string;
}

/** A Service asks for what cannot be had. The message lists all faults. */
export class LoadBalancerConfigurationError extends Error {
  override readonly name = "LoadBalancerConfigurationError";
}

/** `a` and the Service's UID without hyphens, as every cloud provider names them, unless an annotation names it. */
export function loadBalancerName(service: V1Service): string {
  return (
    new AnnotationReader(service).text("name") ??
    `a${(service.metadata?.uid ?? "").replaceAll("-", "")}`.slice(0, 32)
  );
}

/** The certificate that the annotations ask for, by id or by name. */
export function certificateReference(service: V1Service): { id?: string; name?: string } {
  const annotations = new AnnotationReader(service);
  const id = annotations.text("certificate-id");
  const name = annotations.text("certificate-name");
  if (id !== undefined) return { id };
  return name === undefined ? {} : { name };
}

/**
 * @throws LoadBalancerConfigurationError with every fault of the Service's annotations
 */
export function loadBalancerRequest(
  service: V1Service,
  { cluster, dropletIds, certificateId }: LoadBalancerSurroundings,
): LoadBalancerRequest {
  const annotations = new AnnotationReader(service);
  const type = annotations.choice("type", LOAD_BALANCER_TYPES) ?? "REGIONAL_NETWORK";
  const network = annotations.choice("network", NETWORKS) ?? "EXTERNAL";
  const request: LoadBalancerRequest = {
    name: loadBalancerName(service),
    region: cluster.region,
    vpc_uuid: cluster.vpcUuid,
    tags: [`k8s:${cluster.id}`],
    droplet_ids: dropletIds,
    type,
    network,
    network_stack: networkStack(annotations, type, network),
    forwarding_rules:
      type === "REGIONAL_NETWORK"
        ? passThroughRules(service)
        : terminatingRules(service, annotations, certificateId),
    health_check: healthCheck(service, annotations),
    sticky_sessions: stickySessions(annotations),
    firewall: firewall(service, annotations),
    redirect_http_to_https: annotations.flag("redirect-http-to-https"),
    enable_proxy_protocol: annotations.flag("enable-proxy-protocol"),
    enable_backend_keepalive: annotations.flag("enable-backend-keepalive"),
    disable_lets_encrypt_dns_records: annotations.flag("disable-lets-encrypt-dns-records"),
    ...withoutUndefined({
      ...size(annotations),
      http_idle_timeout_seconds: annotations.number("http-idle-timeout-seconds", 30, 600),
      tls_cipher_policy: annotations.choice("tls-cipher-policy", ["DEFAULT", "STRONG"]),
    }),
  };
  if (annotations.faults.length > 0) {
    throw new LoadBalancerConfigurationError(annotations.faults.join("; "));
  }
  return request;
}

function servicePorts(service: V1Service): V1ServicePort[] {
  return service.spec?.ports ?? [];
}

/** A network load balancer passes packets on: the same port and protocol on both sides. */
function passThroughRules(service: V1Service): ForwardingRule[] {
  return servicePorts(service).map(({ port, protocol = "TCP" }) => ({
    entry_protocol: protocol.toLowerCase(),
    entry_port: port,
    target_protocol: protocol.toLowerCase(),
    target_port: port,
  }));
}

function terminatingRules(
  service: V1Service,
  annotations: AnnotationReader,
  certificateId: string | undefined,
): ForwardingRule[] {
  const byPort = protocolsByPort(annotations, certificateId);
  const fallback = annotations.choice("protocol", PROTOCOLS) ?? "tcp";
  const rules = servicePorts(service).map(({ port, nodePort = 0, protocol }): ForwardingRule => {
    const entry = protocol === "UDP" ? "udp" : (byPort.get(port) ?? fallback);
    const rule = { entry_protocol: entry, entry_port: port, target_protocol: entry, target_port: nodePort };
    return entry === "https" || entry === "http2"
      ? { ...rule, ...encryption(annotations, port, entry, certificateId) }
      : rule;
  });
  return [...rules, ...http3Rules(service, annotations, certificateId)];
}

/** Which ports the annotations give a protocol of their own. */
function protocolsByPort(
  annotations: AnnotationReader,
  certificateId: string | undefined,
): Map<number, string> {
  const http2 = annotations.ports("http2-ports");
  const https = annotations.ports("tls-ports");
  const secure = certificateId !== undefined || annotations.flag("tls-passthrough");
  if (secure && https.length === 0 && !http2.includes(HTTPS_PORT)) https.push(HTTPS_PORT);
  const byPort = new Map<number, string>();
  const named = { http: annotations.ports("http-ports"), https, http2 };
  for (const [protocol, ports] of Object.entries(named)) {
    for (const port of ports) {
      const other = byPort.get(port);
      if (other === undefined) byPort.set(port, protocol);
      else annotations.faults.push(`port ${port} cannot be both ${other} and ${protocol}`);
    }
  }
  return byPort;
}

function encryption(
  annotations: AnnotationReader,
  port: number,
  protocol: string,
  certificateId: string | undefined,
): Partial<ForwardingRule> {
  const passthrough = annotations.flag("tls-passthrough");
  if (passthrough === (certificateId !== undefined)) {
    annotations.faults.push(
      `port ${port} is ${protocol}: give either a certificate (certificate-name or certificate-id) or tls-passthrough`,
    );
  }
  return passthrough
    ? { tls_passthrough: true }
    : { target_protocol: "http", ...(certificateId === undefined ? {} : { certificate_id: certificateId }) };
}

function http3Rules(
  service: V1Service,
  annotations: AnnotationReader,
  certificateId: string | undefined,
): ForwardingRule[] {
  const [port] = annotations.ports("http3-port");
  const servicePort = servicePorts(service).find((candidate) => candidate.port === port);
  if (port === undefined || servicePort === undefined) return [];
  if (certificateId === undefined) {
    annotations.faults.push(
      `port ${port} is http3: it needs a certificate (certificate-name or certificate-id)`,
    );
    return [];
  }
  return [
    {
      entry_protocol: "http3",
      entry_port: port,
      target_protocol: "http",
      target_port: servicePort.nodePort ?? 0,
      certificate_id: certificateId,
    },
  ];
}

/** Kube-proxy's answer, or the Service's own health check port; the annotations about path, port and protocol count only with an override. */
function healthCheck(service: V1Service, annotations: AnnotationReader): LoadBalancerRequest["health_check"] {
  const own = service.spec?.healthCheckNodePort;
  const standard = {
    protocol: "http",
    ...(own ? { path: "/healthz", port: own } : KUBE_PROXY_HEALTH),
  };
  const overridden = annotations.text("override-health-check") !== undefined;
  return {
    ...(overridden ? overriddenHealthCheck(service, annotations) : standard),
    check_interval_seconds: annotations.number("healthcheck-check-interval-seconds", 3, 300) ?? 3,
    response_timeout_seconds: annotations.number("healthcheck-response-timeout-seconds", 3, 300) ?? 5,
    unhealthy_threshold: annotations.number("healthcheck-unhealthy-threshold", 2, 10) ?? 3,
    healthy_threshold: annotations.number("healthcheck-healthy-threshold", 2, 10) ?? 5,
  };
}

function overriddenHealthCheck(service: V1Service, annotations: AnnotationReader) {
  const path = annotations.text("healthcheck-path");
  const protocol =
    annotations.choice("healthcheck-protocol", HEALTH_CHECK_PROTOCOLS) ??
    (path === undefined ? "tcp" : "http");
  const wanted = annotations.number("healthcheck-port", 1, 65_535);
  const candidates = servicePorts(service).filter(({ protocol: transport = "TCP" }) => transport === "TCP");
  const port =
    wanted === undefined ? candidates[0] : candidates.find((candidate) => candidate.port === wanted);
  if (port === undefined) {
    annotations.faults.push(
      wanted === undefined
        ? "no port with protocol TCP for the health check"
        : `health check port ${wanted} is no TCP port of the Service`,
    );
  }
  return { protocol, port: port?.nodePort ?? 0, ...(protocol === "tcp" ? {} : { path: path ?? "/" }) };
}

function stickySessions(annotations: AnnotationReader): LoadBalancerRequest["sticky_sessions"] {
  const type = annotations.choice("sticky-sessions-type", ["none", "cookies"]) ?? "none";
  if (type === "none") return { type };
  const cookieName = annotations.text("sticky-sessions-cookie-name");
  const cookieTtlSeconds = annotations.number("sticky-sessions-cookie-ttl", 1, 34_650);
  if (cookieName === undefined || cookieTtlSeconds === undefined) {
    annotations.faults.push(
      "sticky sessions by cookies need sticky-sessions-cookie-name and sticky-sessions-cookie-ttl",
    );
    return { type };
  }
  return { type, cookie_name: cookieName, cookie_ttl_seconds: cookieTtlSeconds };
}

/** The Service's own source ranges come before the annotation. */
function firewall(service: V1Service, annotations: AnnotationReader): LoadBalancerRequest["firewall"] {
  const ranges = service.spec?.loadBalancerSourceRanges ?? [];
  return {
    deny: annotations.list("deny-rules"),
    allow: ranges.length > 0 ? ranges.map((range) => `cidr:${range}`) : annotations.list("allow-rules"),
  };
}

function networkStack(annotations: AnnotationReader, type: string, network: string): string {
  const wanted = annotations.choice("network-stack", ["IPV4", "DUALSTACK"]);
  const possible = type === "REGIONAL" && network === "EXTERNAL" ? "DUALSTACK" : "IPV4";
  if (wanted === "DUALSTACK" && possible === "IPV4") {
    annotations.faults.push(
      "network-stack DUALSTACK needs the type REGIONAL and the network EXTERNAL: these nodes have no IPv6 addresses",
    );
  }
  return wanted ?? possible;
}

function size(annotations: AnnotationReader) {
  const slug = annotations.choice("size-slug", SIZE_SLUGS);
  const unit = annotations.number("size-unit", 1, 200);
  if (slug !== undefined && unit !== undefined) {
    annotations.faults.push("give only one of size-slug and size-unit");
  }
  return { size: slug, size_unit: unit };
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
