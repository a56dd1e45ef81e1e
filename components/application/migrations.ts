import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { createTask } from "../workload/task.ts";
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
  return createTask(
    `${name}-migrations`,
    {
      ownership: args.ownership,
      component: "migrations",
      namespace: { ...args.namespace, guards: settings.guards },
      deadlineSeconds: 900,
      podAnnotations: { "whisper.platform/privileges": digestOf(args.privileges.script) },
      traffic: args.traffic.migrations,
      pod: {
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
      },
    },
    parent,
  );
}

/** Tells one script from another: a new one is a new Job. */
const digestOf = (script: string): string => createHash("sha256").update(script).digest("hex").slice(0, 16);
