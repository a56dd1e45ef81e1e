import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { base64, fingerprint } from "../kubernetes-values.ts";
import { labelsOf } from "../ownership.ts";
import type { ApplicationArgs } from "./arguments.ts";
import {
  certificateFolder,
  databaseCertificate,
  graphCertificate,
  openSettings,
  privilegesFile,
  privilegesSettings,
  secretSettings,
} from "./settings.ts";

/** Names of the objects that hold the application's settings. */
export interface SettingsObjects {
  readonly open: string;
  readonly secret: string;
  readonly migrationSecret: string;
  /** The administrator's way into the database. */
  readonly privilegesSecret: string;
  /** What he does there. */
  readonly privileges: string;
  readonly certificates: string;
  readonly fingerprint: pulumi.Output<string>;
  /** What must be there before a pod reads them. */
  readonly guards: pulumi.Resource[];
}

/** Makes the objects that hold the settings, and the key that the application signs with. */
export function createSettings(
  name: string,
  args: ApplicationArgs,
  parent: pulumi.Resource,
): SettingsObjects {
  const { namespace, ownership } = args;
  const options = { parent, dependsOn: namespace.guards };
  const metadata = (child: string) => ({
    name: `${name}-${child}`,
    namespace: namespace.name,
    labels: labelsOf(ownership, "application"),
  });
  const { database, broker, cache, graph, media } = args;
  const joints = { database, broker, cache, graph, media };
  const signingKey = new random.RandomPassword(
    `${name}-signing-key`,
    { length: 48, special: false },
    { parent },
  );
  const open = openSettings(ownership.environment, args, joints, args);
  const secret = secretSettings(joints, signingKey.result, args.errorTrackingDsn);
  const createSecret = (child: string, values: Record<string, pulumi.Input<string>>) =>
    new kubernetes.core.v1.Secret(
      `${name}-${child}`,
      {
        metadata: metadata(child),
        type: "Opaque",
        data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)])),
      },
      options,
    );
  const guards = [
    ...namespace.guards,
    new kubernetes.core.v1.ConfigMap(
      `${name}-settings`,
      { metadata: metadata("settings"), data: open },
      options,
    ),
    new kubernetes.core.v1.ConfigMap(
      `${name}-certificates`,
      {
        metadata: metadata("certificates"),
        data: {
          [databaseCertificate]: args.database.caCertificate,
          [graphCertificate]: args.graph.caCertificate,
        },
      },
      options,
    ),
    createSecret("secrets", secret),
    createSecret("migration-secrets", { DATABASE_URL: args.migrationDatabase.uri }),
    createSecret("privileges-secrets", privilegesSettings(args.privileges)),
    new kubernetes.core.v1.ConfigMap(
      `${name}-privileges`,
      { metadata: metadata("privileges"), data: { [privilegesFile]: args.privileges.script } },
      options,
    ),
  ];
  return {
    open: `${name}-settings`,
    secret: `${name}-secrets`,
    migrationSecret: `${name}-migration-secrets`,
    privilegesSecret: `${name}-privileges-secrets`,
    privileges: `${name}-privileges`,
    certificates: `${name}-certificates`,
    fingerprint: fingerprint(open, secret),
    guards,
  };
}

/** Where a container that reaches the stores finds their certificates. */
export const certificateMount = { certificates: { path: certificateFolder, readOnly: true } };

/** The volume that {@link certificateMount} mounts. */
export function certificateVolume({ certificates }: SettingsObjects) {
  return { name: "certificates", configMap: { name: certificates } };
}
