import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { CheckFailure } from "./errors.ts";
import { marshal, unmarshal } from "./marshal.ts";
import { formatPath } from "./path.ts";
import type * as kit from "./provider.ts";
import type { PropertyMap } from "./values.ts";

/** What the stand-ins can do, as Configure and Handshake both say it. Resource references arrive as ids. */
const ABILITIES = {
  secrets: true,
  preview: true,
  resources: false,
  outputs: false,
  autonaming: true,
} as const;

const AUTONAMING_MODES: Readonly<Record<number, kit.Autonaming["mode"]>> = {
  [proto.CheckRequest.AutonamingOptions.Mode.PROPOSE]: "propose",
  [proto.CheckRequest.AutonamingOptions.Mode.ENFORCE]: "enforce",
  [proto.CheckRequest.AutonamingOptions.Mode.DISABLE]: "disable",
};

const { PropertyDiff, DiffResponse } = proto;
const DIFF_KINDS = {
  add: { inPlace: PropertyDiff.Kind.ADD, replace: PropertyDiff.Kind.ADD_REPLACE },
  delete: { inPlace: PropertyDiff.Kind.DELETE, replace: PropertyDiff.Kind.DELETE_REPLACE },
  update: { inPlace: PropertyDiff.Kind.UPDATE, replace: PropertyDiff.Kind.UPDATE_REPLACE },
} as const;

/** A request about one resource, in the protocol's words. */
interface IdentityMessage {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** URN: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`; older engines send nothing else. */
function identity(message: IdentityMessage): kit.ResourceIdentity {
  const urn = message.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: message.getType() || (types.split("$").at(-1) ?? ""),
    name: message.getName() || name.join("::"),
  };
}

/** Properties that may not be there: the engine sends an empty struct for none. */
function optional(message: Struct | undefined): PropertyMap | undefined {
  const properties = unmarshal(message);
  return Object.keys(properties).length === 0 ? undefined : properties;
}

function seconds(value: number): number | undefined {
  return value > 0 ? value : undefined;
}

function bytes(value: Uint8Array | string): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "base64") : value;
}

export function checkRequest(message: pb.CheckRequest): kit.CheckRequest {
  const autonaming = message.getAutonaming();
  return {
    ...identity(message),
    oldInputs: optional(message.getOlds()),
    inputs: unmarshal(message.getNews()),
    randomSeed: bytes(message.getRandomseed()),
    autonaming:
      autonaming === undefined
        ? undefined
        : {
            mode: AUTONAMING_MODES[autonaming.getMode()] ?? "propose",
            proposedName: autonaming.getProposedName(),
          },
  };
}

export function diffRequest(message: pb.DiffRequest): kit.DiffRequest {
  return {
    ...identity(message),
    id: message.getId(),
    oldInputs: unmarshal(message.getOldInputs()),
    oldOutputs: unmarshal(message.getOlds()),
    newInputs: unmarshal(message.getNews()),
    ignoreChanges: message.getIgnorechangesList(),
  };
}

export function createRequest(message: pb.CreateRequest): kit.CreateRequest {
  return {
    ...identity(message),
    inputs: unmarshal(message.getProperties()),
    preview: message.getPreview(),
    timeoutSeconds: seconds(message.getTimeout()),
  };
}

export function readRequest(message: pb.ReadRequest): kit.ReadRequest {
  return {
    ...identity(message),
    id: message.getId(),
    inputs: optional(message.getInputs()),
    outputs: optional(message.getProperties()),
  };
}

export function updateRequest(message: pb.UpdateRequest): kit.UpdateRequest {
  return {
    ...identity(message),
    id: message.getId(),
    oldInputs: unmarshal(message.getOldInputs()),
    oldOutputs: unmarshal(message.getOlds()),
    newInputs: unmarshal(message.getNews()),
    ignoreChanges: message.getIgnorechangesList(),
    preview: message.getPreview(),
    timeoutSeconds: seconds(message.getTimeout()),
  };
}

export function deleteRequest(message: pb.DeleteRequest): kit.DeleteRequest {
  return {
    ...identity(message),
    id: message.getId(),
    inputs: unmarshal(message.getOldInputs()),
    outputs: unmarshal(message.getProperties()),
    timeoutSeconds: seconds(message.getTimeout()),
  };
}

export function invokeRequest(message: pb.InvokeRequest): kit.InvokeRequest {
  return { token: message.getTok(), args: unmarshal(message.getArgs()), preview: message.getPreview() };
}

export function configuration(message: pb.ConfigureRequest): PropertyMap {
  return unmarshal(message.getArgs());
}

export function checkResponse(result: kit.CheckResult): pb.CheckResponse {
  const message = new proto.CheckResponse();
  message.setInputs(marshal(result.inputs));
  message.setFailuresList(result.failures.map(checkFailure));
  return message;
}

export function diffResponse(result: kit.DiffResult): pb.DiffResponse {
  const message = new proto.DiffResponse();
  message.setChanges(
    result.changed ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
  );
  message.setDeletebeforereplace(result.deleteBeforeReplace);
  message.setStablesList([...result.stables]);
  message.setHasdetaileddiff(true);
  const replaces = new Set<string>();
  const diffs = new Set<string>();
  for (const { path, kind, replace } of result.properties) {
    const property = String(path[0] ?? "");
    diffs.add(property);
    if (replace) replaces.add(property);
    const detail = new proto.PropertyDiff();
    detail.setKind(DIFF_KINDS[kind][replace ? "replace" : "inPlace"]);
    detail.setInputdiff(true);
    message.getDetaileddiffMap().set(formatPath(path), detail);
  }
  message.setDiffsList([...diffs]);
  message.setReplacesList([...replaces]);
  return message;
}

export function createResponse(result: kit.CreateResult): pb.CreateResponse {
  const message = new proto.CreateResponse();
  message.setId(result.id);
  message.setProperties(marshal(result.outputs));
  return message;
}

/** An empty id tells the engine that the resource is gone. */
export function readResponse(result: kit.ReadResult | undefined): pb.ReadResponse {
  const message = new proto.ReadResponse();
  if (result === undefined) return message;
  message.setId(result.id);
  message.setProperties(marshal(result.outputs));
  message.setInputs(marshal(result.inputs));
  return message;
}

export function updateResponse(outputs: PropertyMap): pb.UpdateResponse {
  const message = new proto.UpdateResponse();
  message.setProperties(marshal(outputs));
  return message;
}

export function invokeResponse(result: kit.InvokeResult): pb.InvokeResponse {
  const message = new proto.InvokeResponse();
  if (result.result !== undefined) message.setReturn(marshal(result.result));
  message.setFailuresList((result.failures ?? []).map(checkFailure));
  return message;
}

export function configureResponse(): pb.ConfigureResponse {
  const message = new proto.ConfigureResponse();
  message.setAcceptsecrets(ABILITIES.secrets);
  message.setSupportspreview(ABILITIES.preview);
  message.setAcceptresources(ABILITIES.resources);
  message.setAcceptoutputs(ABILITIES.outputs);
  message.setSupportsAutonamingConfiguration(ABILITIES.autonaming);
  return message;
}

export function handshakeResponse(): pb.ProviderHandshakeResponse {
  const message = new proto.ProviderHandshakeResponse();
  message.setAcceptSecrets(ABILITIES.secrets);
  message.setAcceptResources(ABILITIES.resources);
  message.setAcceptOutputs(ABILITIES.outputs);
  message.setSupportsAutonamingConfiguration(ABILITIES.autonaming);
  return message;
}

export function pluginInfo(version: string): PluginInfo {
  const message = new pluginProto.PluginInfo();
  message.setVersion(version);
  return message;
}

export function schemaResponse(schema: PropertyMap): pb.GetSchemaResponse {
  const message = new proto.GetSchemaResponse();
  message.setSchema(JSON.stringify(schema));
  return message;
}

export function noMapping(): pb.GetMappingResponse {
  return new proto.GetMappingResponse();
}

export function noMappings(): pb.GetMappingsResponse {
  return new proto.GetMappingsResponse();
}

export function empty(): Empty {
  return new emptyProto.Empty();
}

function checkFailure(failure: CheckFailure): pb.CheckFailure {
  const message = new proto.CheckFailure();
  message.setProperty(formatPath(failure.path));
  message.setReason(failure.reason);
  return message;
}
