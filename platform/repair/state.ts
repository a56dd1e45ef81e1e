import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";
import { z } from "zod";

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  /** When it was made; of a create that is under way, when it began. */
  created: z.string().optional(),
  /** When it was last changed. */
  modified: z.string().optional(),
  protect: z.boolean().optional(),
  custom: z.boolean().optional(),
  /** Whether it was deleted already, for another of the same URN that is to be made. */
  pendingReplacement: z.boolean().optional(),
  /** Whether another stands in its place already, and it is still to be deleted. */
  delete: z.boolean().optional(),
  parent: z.string().optional(),
  /** URN and id of its provider, joined by `::`. */
  provider: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullish()).nullish(),
  deletedWith: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

/** A pending operation, as the state records it. */
export const operationSchema = z.looseObject({ type: z.string(), resource: resourceSchema });

/** Pulumi's record of a stack, the `deployment` of `pulumi stack export`, as far as anything here reads it. */
export const deploymentSchema = z.looseObject({
  manifest: z.looseObject({ time: z.string() }).optional(),
  resources: z.array(resourceSchema).nullish(),
  pending_operations: z.array(operationSchema).nullish(),
});

/** A resource as Pulumi's state records it. What we do not name is kept as it is. */
export type StateResource = z.infer<typeof resourceSchema>;

/** Something that was under way when the engine was killed. */
export type PendingOperation = z.infer<typeof operationSchema>;

/** Pulumi's record of a stack: the `deployment` of `pulumi stack export`. */
export type StackState = z.infer<typeof deploymentSchema>;

/** A secret as it is written into a state that is to be imported: the engine encrypts it. */
export const newSecret = (value: unknown): Record<string, unknown> => ({
  [specialSigKey]: specialSecretSig,
  plaintext: JSON.stringify(value),
});

/** Reads an exported deployment. @throws z.ZodError when it is not one. */
export const parseState = (deployment: unknown): StackState => deploymentSchema.parse(deployment ?? {});

/** The resources that the engine must not delete. */
export const protectedResources = (state: StackState): StateResource[] =>
  (state.resources ?? []).filter(({ protect }) => protect === true);
