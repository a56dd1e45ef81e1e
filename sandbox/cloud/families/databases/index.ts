import type { Endpoint } from "../../endpoint.ts";
import type { CloudResource, Family } from "../../family.ts";
import { databaseAccount } from "./account.ts";
import { databaseBackups } from "./backups.ts";
import { databaseClusters, databaseUpgrade } from "./clusters.ts";
import { databaseConfiguration } from "./configuration.ts";
import { databaseDbs } from "./dbs.ts";
import { databaseFirewall, forgetInRules } from "./firewall.ts";
import { databaseLogSinks } from "./log-sinks.ts";
import { databaseMetricsCredentials } from "./metrics-credentials.ts";
import { type DatabaseDocument, databaseCollection } from "./model.ts";
import { databasePools } from "./pools.ts";
import { urnOf } from "./present.ts";
import { provision, provisionAll } from "./provision.ts";
import { databaseReplicas } from "./replicas.ts";
import { databaseUsers } from "./users.ts";

/** Managed database clusters: PostgreSQL and Valkey. */
export const databases: Family = {
  name: "databases",
  endpoints: [
    ...databaseAccount,
    ...databaseMetricsCredentials,
    ...databaseClusters,
    ...databaseReplicas,
    ...databaseUsers,
    ...databaseDbs,
    ...databasePools,
    ...databaseFirewall,
    ...databaseConfiguration,
    ...databaseLogSinks,
    ...databaseBackups,
  ].map(answeredWhenDone),
  resources: (store) => databaseCollection(store).list().flatMap(resourcesOf),
  forget: async (cloud, gone) => {
    for (const id of forgetInRules(cloud, gone)) await provision(cloud, id);
  },
  resume: (cloud) => void provisionAll(cloud),
  taggable: {
    databases: (store, id, tags) => {
      const database = databaseCollection(store).get(id);
      if (database !== undefined) databaseCollection(store).put(id, { ...database, tags });
    },
    database_replicas: (store, id, tags) => {
      for (const database of databaseCollection(store).list()) {
        const replicas = database.replicas.map((replica) =>
          replica.id === id ? { ...replica, tags } : replica,
        );
        if (database.replicas.some((replica) => replica.id === id)) {
          databaseCollection(store).put(database.id, { ...database, replicas });
        }
      }
    },
  },
};

/** What changes something in a cluster is answered when the cluster's server does it: a new user can log in. But for an upgrade. */
function answeredWhenDone(endpoint: Endpoint): Endpoint {
  if (endpoint.method === "GET" || endpoint === databaseUpgrade) return endpoint;
  return {
    ...endpoint,
    run: async (request) => {
      const answer = await endpoint.run(request);
      const { database_cluster_uuid: id } = request.params;
      if (id !== undefined) await provision(request.cloud, id);
      return answer;
    },
  };
}

function resourcesOf(database: DatabaseDocument): CloudResource[] {
  const { id, name, createdAt, tags, vpcUuid } = database;
  return [
    {
      kind: "databases",
      id,
      name,
      createdAt,
      tags,
      urn: urnOf(database),
      uses: [{ kind: "vpcs", id: vpcUuid }],
    },
    ...database.replicas.map((replica) => ({
      kind: "database_replicas",
      id: replica.id,
      name: replica.name,
      createdAt: replica.createdAt,
      tags: replica.tags,
      urn: urnOf(replica),
      uses: [{ kind: "vpcs", id: replica.vpcUuid }],
    })),
  ];
}
