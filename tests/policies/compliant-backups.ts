import type { Judged } from "./harness.ts";

/** A component whose one bucket holds copies: what is in it is elsewhere too. */
const bucketOf = (name: string) => ({
  type: "whisper:object-storage:ObjectStorage",
  name,
  props: {
    store: {
      store: "objects",
      backup: "versions",
      recovery: { point: "everything", time: "4h" },
      retention: "30d",
    },
  },
});

const bucket = (name: string, parent: string, region: string) => ({
  type: "digitalocean:index/spacesBucket:SpacesBucket",
  name,
  props: {
    region,
    acl: "private",
    versioning: { enabled: true },
    lifecycleRules: [
      { enabled: true, noncurrentVersionExpiration: { days: 35 }, abortIncompleteMultipartUploadDays: 7 },
      { enabled: true, expiration: { days: 60 } },
    ],
  },
  protect: true,
  parent,
});

const key = (name: string, opened: string) => ({
  type: "digitalocean:index/spacesKey:SpacesKey",
  name,
  props: { grants: [{ permission: "readwrite" }] },
  refersTo: { grants: [opened] },
});

/** What is declared of a backup. */
const declared = {
  retentionDays: 35,
  encryptedBy: "runner",
  targets: [
    { bucket: "copies", writer: "backup" },
    { bucket: "offsiteBucket", writer: "copier" },
  ],
  restoreTestEvery: "7d",
};

/** The stack and its backups: one that a component declares, one that an object of Kubernetes does. */
export const compliantBackups = {
  stack: { type: "pulumi:pulumi:Stack", name: "whisper-platform-production", props: {} },
  copies: bucketOf("copies"),
  copiesBucket: bucket("copiesBucket", "copies", "fra1"),
  copiesKey: key("copiesKey", "copiesBucket"),
  offsite: bucketOf("offsite"),
  offsiteBucket: bucket("offsiteBucket", "offsite", "ams3"),
  offsiteKey: key("offsiteKey", "offsiteBucket"),
  backup: {
    type: "whisper:backup:Backup",
    name: "backup",
    props: {
      backup: { ...declared, reaches: ["pulumi:state", "postgres", "media", "statefulSet"], every: "1d" },
    },
  },
  valkeyBackup: {
    type: "kubernetes:velero.io/v1:Schedule",
    name: "valkeyBackup",
    props: {
      metadata: {
        namespace: "whisper",
        labels: {
          "app.kubernetes.io/name": "valkey-backup",
          "whisper.platform/environment": "production",
          "whisper.platform/owner": "platform-team",
          "whisper.platform/cost-centre": "transcription",
        },
        annotations: {
          "whisper.platform/backs-up": JSON.stringify({
            ...declared,
            reaches: [
              "urn:pulumi:staging::whisper-platform::digitalocean:index/databaseCluster:DatabaseCluster::valkey",
            ],
            every: "30m",
          }),
        },
      },
      spec: { paused: false },
    },
  },
} satisfies Record<string, Judged>;
