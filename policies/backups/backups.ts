import type { PolicyResource } from "@pulumi/policy";
import { z } from "zod";
import { type BackupDeclaration, backupAnnotation, durationPattern } from "../../catalog/recovery.ts";

/** A backup of the stack, and what it says of itself. */
export interface Backup {
  /** The component or the object of Kubernetes that says it. */
  readonly resource: PolicyResource;
  readonly declared: BackupDeclaration;
}

const duration = z.custom<BackupDeclaration["every"]>(
  (value) => typeof value === "string" && durationPattern.test(value),
  "is no time such as 1h or 7d",
);
const text = z.string("is missing").min(1, "is empty");
const declaration = z.object({
  reaches: z.array(text, "is no list of stores").min(1, "names no store"),
  every: duration,
  retentionDays: z.number("is no number").positive("is not above 0"),
  encryptedBy: z.enum(["runner", "nobody"], 'is neither "runner" nor "nobody"'),
  targets: z
    .array(z.object({ bucket: text, writer: text }), "is no list of targets")
    .min(1, "names no target"),
  restoreTestEvery: duration.exactOptional(),
});

/** What a resource says of the backup that it is; nothing when it is none. */
function saidBy({ type, props }: PolicyResource): unknown {
  if (!type.startsWith("kubernetes:")) return type.startsWith("digitalocean:") ? undefined : props.backup;
  const said = props.metadata?.annotations?.[backupAnnotation];
  return said === undefined ? undefined : parsed(said);
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

/** The backups of a stack whose declarations are understood. */
export const backupsOf = (resources: readonly PolicyResource[]): Backup[] =>
  resources.flatMap((resource) => {
    const { data } = declaration.safeParse(saidBy(resource));
    return data === undefined ? [] : [{ resource, declared: data }];
  });

/** What is not understood of the declarations of a stack's backups, by resource. */
export function faultsOf(resource: PolicyResource): string[] {
  const said = saidBy(resource);
  if (said === undefined) return [];
  const { error } = declaration.safeParse(said);
  return (error?.issues ?? []).map(
    ({ path, message }) => `${path.length === 0 ? "its declaration" : path.join(".")} ${message}`,
  );
}
