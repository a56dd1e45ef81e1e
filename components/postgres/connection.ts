import type * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { PostgresConnection } from "../joints.ts";

/** What a connection is made of. */
interface ConnectionParts {
  /** Who answers: the cluster, its pool or its replica. */
  readonly server: {
    readonly privateHost: pulumi.Output<string>;
    readonly port: pulumi.Output<number>;
  };
  readonly database: pulumi.Output<string>;
  readonly user: { readonly name: pulumi.Output<string>; readonly password: pulumi.Output<string> };
  readonly caCertificate: pulumi.Output<string>;
  /** What lets the client in. */
  readonly firewall: digitalocean.DatabaseFirewall;
}

/** A connection that is known once its user exists and its firewall lets clients in. */
export function connectionOf({
  server,
  database,
  user,
  caCertificate,
  firewall,
}: ConnectionParts): PostgresConnection {
  const host = pulumi.all([server.privateHost, firewall.urn]).apply(([address]) => address);
  const connection = {
    host,
    port: server.port,
    database,
    user: user.name,
    password: pulumi.secret(user.password),
  };
  return {
    ...connection,
    caCertificate,
    uri: pulumi.secret(pulumi.output(connection).apply(postgresUri)),
  };
}

/** A connection URI as libpq and SQLAlchemy read it; user and password may hold any character. */
export function postgresUri(parts: {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
}): string {
  const credentials = `${encodeURIComponent(parts.user)}:${encodeURIComponent(parts.password)}`;
  return `postgresql://${credentials}@${parts.host}:${parts.port}/${encodeURIComponent(parts.database)}?sslmode=require`;
}
