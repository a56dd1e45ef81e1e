import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { labelsOf } from "../ownership.ts";
import { trafficPolicy } from "../traffic/network-policy.ts";
import { restrictedPod } from "../workload/pod.ts";
import type { ApplicationArgs } from "./arguments.ts";
import { privilegesFile } from "./settings.ts";
import { certificateMount, certificateVolume, type SettingsObjects } from "./settings-objects.ts";

/** Folder of the script that gives the database's users their rights. */
const privilegesFolder = "/etc/whisper/privileges";

/** What the migrations are promised and allowed. */
export const migrationResources = { cpu: "100m", cpuLimit: "1", memory: "256Mi" } as const;

/**
 * The Job that gives the database's users their rights and then brings its schema up to date, with an account and a
 * network policy of its own.
 */
export function createMigrations(
  name: string,
  args: ApplicationArgs,
  settings: SettingsObjects,
  parent: pulumi.Resource,
): kubernetes.batch.v1.Job {
  const { namespace, ownership } = args;
  const jobName = `${name}-migrations`;
  const podLabels = { "app.kubernetes.io/name": "migrations", "app.kubernetes.io/instance": jobName };
  const labels = { ...labelsOf(ownership, "migrations"), ...podLabels };
  const metadata = { name: jobName, namespace: namespace.name, labels };
  const account = new kubernetes.core.v1.ServiceAccount(
    `${jobName}-account`,
    { metadata, automountServiceAccountToken: false },
    { parent, dependsOn: namespace.guards },
  );
  const traffic = new kubernetes.networking.v1.NetworkPolicy(
    `${jobName}-traffic`,
    { metadata, spec: trafficPolicy(podLabels, args.traffic.migrations) },
    { parent, dependsOn: namespace.guards },
  );
  return new kubernetes.batch.v1.Job(
    `${jobName}-job`,
    {
      metadata,
      spec: {
        backoffLimit: 2,
        activeDeadlineSeconds: 900,
        template: {
          metadata: {
            labels,
            annotations: { "whisper.platform/privileges": digestOf(args.privileges.script) },
          },
          spec: restrictedPod({
            serviceAccount: jobName,
            restartPolicy: "Never",
            ...(namespace.imagePullSecret && { imagePullSecret: namespace.imagePullSecret }),
            volumes: [
              certificateVolume(settings),
              { name: "privileges", configMap: { name: settings.privileges } },
            ],
            preparations: [
              {
                name: "privileges",
                image: imageReference(containerImages.postgres),
                command: ["psql", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--file"],
                arguments: [`${privilegesFolder}/${privilegesFile}`],
                resources: migrationResources,
                environmentFrom: [{ configMap: settings.open }, { secret: settings.privilegesSecret }],
                mounts: { ...certificateMount, privileges: { path: privilegesFolder, readOnly: true } },
              },
            ],
            containers: [
              {
                name: "migrations",
                image: args.images.api,
                command: args.migrationCommand ?? ["alembic", "upgrade", "head"],
                resources: migrationResources,
                environmentFrom: [{ configMap: settings.open }, { secret: settings.migrationSecret }],
                mounts: certificateMount,
              },
            ],
          }),
        },
      },
    },
    {
      parent,
      dependsOn: [...settings.guards, account, traffic],
      // A Job cannot be changed: a new image is a new Job of the same name, which runs to its end before the roll-out.
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: true,
    },
  );
}

/** Tells one script from another: a new one is a new Job. */
const digestOf = (script: string): string => createHash("sha256").update(script).digest("hex").slice(0, 16);
