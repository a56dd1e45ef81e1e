import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { type DatabaseEngine, databaseMetricsPort } from "../../catalog/engines.ts";
import type { DatabaseMetrics } from "../joints.ts";

/** Of which cluster, and who is let in to it. */
interface MeasuredCluster {
  readonly engine: DatabaseEngine;
  readonly cluster: digitalocean.DatabaseCluster;
  readonly firewall: digitalocean.DatabaseFirewall;
  readonly caCertificate: pulumi.Output<string>;
}

/**
 * Where a cluster's metrics are read. The API tells the endpoint by its public name; it is called by the private one, as
 * everything else of the cluster is, which is how Prometheus' own discovery of DigitalOcean's databases does it.
 */
export function metricsOf(
  { engine, cluster, firewall, caCertificate }: MeasuredCluster,
  parent: pulumi.Resource,
): DatabaseMetrics {
  // An account without databases may have none: they are asked for when there is one.
  const access = digitalocean.getDatabaseMetricsCredentialsOutput({ parent, dependsOn: [cluster] });
  return {
    engine: engine.slug,
    // Whoever takes the address thereby waits until it is let in.
    host: pulumi.all([cluster.privateHost, firewall.urn]).apply(([host]) => host),
    port: databaseMetricsPort,
    user: pulumi.unsecret(access.username),
    password: pulumi.secret(access.password),
    caCertificate,
  };
}

/** PEM of the authority that signs a cluster's certificates. */
export function readAuthority(
  cluster: digitalocean.DatabaseCluster,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return digitalocean.getDatabaseCaOutput({ clusterId: cluster.id }, { parent }).certificate;
}
