import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseMetrics } from "../joints.ts";
import { base64 } from "../kubernetes-values.ts";
import type { Place } from "../workload/place.ts";
import { authoritiesFile, type MeasuredDatabases, passwordFile } from "./jobs/databases.ts";

/** Managed databases, by what their series are told by. */
export type Databases = Readonly<Record<string, DatabaseMetrics>>;

/** What is known of databases once they are there; what is secret is not among it. */
export function measuredDatabases(databases: Databases): pulumi.Output<MeasuredDatabases | undefined> {
  const known = Object.entries(databases).map(([instance, { engine, host, port, user }]) =>
    pulumi
      .all([host, user])
      .apply(([address, name]) => ({ engine, instance, address: `${address}:${port}`, user: name })),
  );
  return pulumi.all(known).apply((clusters) => {
    const [first] = clusters;
    return first && { user: first.user, clusters: clusters.map(({ user: _, ...cluster }) => cluster) };
  });
}

/** With what the databases are asked, as files. Prometheus reads them anew each time it asks: a change rolls no pod. */
export function createDatabaseAccess(
  name: string,
  databases: Databases,
  { metadata, options }: Place,
): kubernetes.core.v1.Secret | undefined {
  const all = Object.values(databases);
  const [first] = all;
  if (first === undefined) return undefined;
  const authorities = pulumi
    .all(all.map(({ caCertificate }) => caCertificate))
    .apply((texts) => [...new Set(texts.map((text) => `${text.trimEnd()}\n`))].join(""));
  return new kubernetes.core.v1.Secret(
    `${name}-database-access`,
    {
      metadata,
      type: "Opaque",
      data: { [passwordFile]: base64(first.password), [authoritiesFile]: base64(authorities) },
    },
    options,
  );
}
