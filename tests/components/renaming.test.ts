import type * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Neo4j } from "../../components/neo4j/neo4j.ts";
import { ObjectStorage } from "../../components/object-storage/object-storage.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { Valkey } from "../../components/valkey/valkey.ts";
import { ownership, placement } from "./fixtures.ts";
import { type Recorded, record } from "./harness.ts";
import { cluster } from "./neo4j-args.ts";

const database = () => ({
  ownership,
  placement: placement(),
  size: "db-s-2vcpu-4gb",
  trustedClusterIds: ["k8s-id"],
  logSink: { server: "logs.internal.example.com" },
});

type Named = { readonly cloudName?: string };

/** Each store that the cloud would not rename, with everything that has a name there. */
const stores: Record<string, (name: string, args: Named) => pulumi.ComponentResource> = {
  Neo4j: (name, args) => new Neo4j(name, { ...cluster, ...args }),
  ObjectStorage: (name, args) =>
    new ObjectStorage(name, { region: "tor1", nameSuffix: "k7f2q", consumers: { api: "read" }, ...args }),
  Postgres: (name, args) => new Postgres(name, { ...database(), readReplicas: { replica: {} }, ...args }),
  Valkey: (name, args) => new Valkey(name, { ...database(), ...args }),
};

/** What a resource is called in the cloud, and what it calls others by name; what the mocks make of logical names is not meant. */
const calledIn = ({ type, inputs }: Recorded) => {
  const { name, metadata, spec, subject, dnsNames, data } = inputs;
  const called = {
    type,
    name,
    metadata,
    spec,
    subject,
    dnsNames,
    ...(type.endsWith("ConfigMap") && { data }),
  };
  // The fingerprint is of the certificates, which the mocks name after their resources.
  return JSON.stringify(called).replace(/"whisper.platform\/configuration":"[^"]+"/, "");
};

it.each(Object.entries(stores))("%s of another name keeps what it has in the cloud", async (_kind, make) => {
  const named = async (name: string, args: Named) => {
    const { resources } = await record(() => make(name, args));
    return resources.slice(1).map(calledIn).sort();
  };
  const before = await named("staging-store", {});
  expect(before.join()).toContain("staging-store");
  expect(await named("staging-other", { cloudName: "staging-store" })).toEqual(before);
  expect(await named("staging-other", {})).not.toEqual(before);
});
