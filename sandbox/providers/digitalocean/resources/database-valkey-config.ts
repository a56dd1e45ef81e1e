import { boolean, type Fields, integer, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { databaseConfig, plainlyRead } from "../support/database-config.ts";
import { clusterId } from "../support/databases.ts";

const EVICTION_POLICIES = [
  "noeviction",
  "allkeys-lru",
  "allkeys-random",
  "volatile-lru",
  "volatile-random",
  "volatile-ttl",
];

const read: Fields = plainlyRead({
  aclChannelsDefault: string({
    computed: true,
    wire: "valkey_acl_channels_default",
    oneOf: ["allchannels", "resetchannels"],
  }),
  clusterId,
  ioThreads: integer({ computed: true, wire: "valkey_io_threads", min: 1, max: 32 }),
  lfuDecayTime: integer({ computed: true, wire: "valkey_lfu_decay_time", min: 1, max: 120 }),
  lfuLogFactor: integer({ computed: true, wire: "valkey_lfu_log_factor", min: 0, max: 100 }),
  notifyKeyspaceEvents: string({
    computed: true,
    wire: "valkey_notify_keyspace_events",
    maxLength: 32,
    pattern: [/^[KEg$lshzxentdmA]*$/, "holds letters of Valkey's classes of events only"],
  }),
  numberOfDatabases: integer({ computed: true, wire: "valkey_number_of_databases", min: 1, max: 128 }),
  persistence: string({ computed: true, wire: "valkey_persistence", oneOf: ["off", "rdb"] }),
  pubsubClientOutputBufferLimit: integer({
    computed: true,
    wire: "valkey_pubsub_client_output_buffer_limit",
    min: 32,
    max: 512,
  }),
  ssl: boolean({ computed: true, wire: "valkey_ssl" }),
  timeout: integer({ computed: true, wire: "valkey_timeout", min: 0, max: 31_536_000 }),
  valkeyMaxmemoryPolicy: string({ computed: true, oneOf: EVICTION_POLICIES }),
});

const inputs: Fields = {
  ...read,
  frequentSnapshots: boolean({ computed: true }),
  valkeyActiveExpireEffort: integer({ computed: true, min: 1, max: 10 }),
};

/** The configuration of a managed Valkey. */
export const databaseValkeyConfig: ResourceDefinition = {
  token: resourceToken("DatabaseValkeyConfig"),
  noun: "a Valkey configuration",
  inputs,
  outputs: {},
  operations: databaseConfig({
    inputs,
    suffix: "valkey-config",
    unread: ["frequent_snapshots", "valkey_active_expire_effort"],
  }),
};
