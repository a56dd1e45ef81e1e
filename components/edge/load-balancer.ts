import type * as pulumi from "@pulumi/pulumi";
import type { CertificateReference } from "../joints.ts";

/** What the load balancer before the edge is to be. */
interface LoadBalancerSettings {
  /** Its name in the cloud. */
  readonly name: string;
  /**
   * What the Service says it is reached by. Were that its address, whoever calls that from within the cluster would be led
   * past the load balancer, and find neither TLS nor what the edge expects of it.
   */
  readonly hostname: string;
  /** Certificate it ends TLS with. */
  readonly certificate: CertificateReference;
  /** How many nodes it has; each carries 10,000 connections at once. */
  readonly nodes: number;
  /** How long a connection may be silent; a WebSocket too, so its ends must speak more often. */
  readonly idleTimeoutSeconds: number;
}

const prefix = "service.beta.kubernetes.io/do-loadbalancer-";

/** Annotations by which DigitalOcean's controller makes the load balancer of a Service. */
export function loadBalancerAnnotations(
  settings: LoadBalancerSettings,
): Record<string, pulumi.Input<string>> {
  return {
    [`${prefix}name`]: settings.name,
    [`${prefix}hostname`]: settings.hostname,
    [`${prefix}type`]: "REGIONAL",
    [`${prefix}size-unit`]: String(settings.nodes),
    [`${prefix}protocol`]: "http",
    [`${prefix}http-ports`]: "80",
    [`${prefix}tls-ports`]: "443",
    // By name: a renewed certificate has another id, and the controller itself follows it.
    [`${prefix}certificate-name`]: settings.certificate.name,
    [`${prefix}tls-cipher-policy`]: "STRONG",
    [`${prefix}redirect-http-to-https`]: "true",
    // The records are the platform's own: the controller is not to add to them.
    [`${prefix}disable-lets-encrypt-dns-records`]: "true",
    [`${prefix}enable-proxy-protocol`]: "true",
    [`${prefix}enable-backend-keepalive`]: "true",
    [`${prefix}http-idle-timeout-seconds`]: String(settings.idleTimeoutSeconds),
  };
}
