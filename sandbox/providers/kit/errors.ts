import { Metadata, status } from "@grpc/grpc-js";
import errorsProto from "@pulumi/pulumi/proto/errors_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import { marshal } from "./marshal.ts";
import { formatPath, type PropertyPath } from "./path.ts";
import type { PropertyMap } from "./values.ts";

/** A property that a provider refuses: where it is, what is wrong with it and what to do. */
export interface CheckFailure {
  /** Empty for a fault of the resource as a whole. */
  readonly path: PropertyPath;
  readonly reason: string;
}

/**
 * Something the user can mend: its message says what is wrong, why and what to do. It reaches the terminal without a
 * stack trace. Throw it from any method of a provider.
 */
export class ProviderError extends Error {
  override readonly name: string = "ProviderError";
}

/** Properties of a resource or of the provider's configuration that turn out wrong outside of a check: all at once. */
export class InvalidPropertiesError extends ProviderError {
  override readonly name = "InvalidPropertiesError";
  readonly failures: readonly CheckFailure[];

  constructor(message: string, failures: readonly CheckFailure[]) {
    super(message);
    this.failures = failures;
  }
}

/** What is known of a resource that exists but did not become ready. */
export interface PartialResource {
  readonly id: string;
  readonly inputs?: PropertyMap;
  readonly outputs: PropertyMap;
  /** Why it is not ready, one reason an entry. */
  readonly reasons: readonly string[];
}

/**
 * The resource was made, or changed, but did not become what was asked for (or nobody waited for it). The engine
 * records it, so that it is neither lost nor made twice, and tries again with an update in the next run.
 */
export class ResourceInitError extends ProviderError {
  override readonly name = "ResourceInitError";
  readonly resource: PartialResource;

  constructor(message: string, resource: PartialResource, options?: ErrorOptions) {
    super(message, options);
    this.resource = resource;
  }
}

/** An error as a gRPC answer. `details` is what the engine prints. */
export interface GrpcFailure {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** The answer to the engine for whatever a provider threw. Faults of our own come with their stack, for a report. */
export function toGrpcFailure(error: unknown): GrpcFailure {
  if (error instanceof ResourceInitError) {
    const detail = new providerProto.ErrorResourceInitFailed();
    detail.setId(error.resource.id);
    detail.setProperties(marshal(error.resource.outputs));
    if (error.resource.inputs !== undefined) detail.setInputs(marshal(error.resource.inputs));
    detail.setReasonsList([...error.resource.reasons]);
    return withDetail(status.UNKNOWN, error.message, "ErrorResourceInitFailed", detail.serializeBinary());
  }
  if (error instanceof InvalidPropertiesError) {
    const detail = new errorsProto.InputPropertiesError();
    for (const failure of error.failures) {
      const property = new errorsProto.InputPropertiesError.PropertyError();
      property.setPropertyPath(formatPath(failure.path));
      property.setReason(failure.reason);
      detail.addErrors(property);
    }
    return withDetail(
      status.INVALID_ARGUMENT,
      error.message,
      "InputPropertiesError",
      detail.serializeBinary(),
    );
  }
  if (error instanceof ProviderError) return { code: status.UNKNOWN, details: error.message };
  if (error instanceof Error && error.name === "AbortError") {
    // Not CANCELLED, which says that nothing was done. The engine forgets the operation; the command's own journal
    // is what a repair finds it by.
    return { code: status.UNKNOWN, details: "cancelled before it was known to be done" };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: status.INTERNAL, details: `the stand-in provider failed: ${text}` };
}

function withDetail(code: status, message: string, type: string, bytes: Uint8Array): GrpcFailure {
  const detail = new anyProto.Any();
  detail.pack(bytes, `pulumirpc.${type}`);
  const rich = new statusProto.Status();
  rich.setCode(code);
  rich.setMessage(message);
  rich.addDetails(detail);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rich.serializeBinary()));
  return { code, details: message, metadata };
}
