import { diffProperties } from "../kit/diff.ts";
import { ProviderError } from "../kit/errors.ts";
import type {
  CallContext,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  InvokeRequest,
  InvokeResult,
  Provider,
  ProviderSession,
  ReadRequest,
  ReadResult,
  UpdateRequest,
} from "../kit/provider.ts";
import { servedType, unconfiguredProvider } from "../kit/unconfigured.ts";
import {
  hasSecret,
  hasUnknown,
  type PlainValue,
  type PropertyMap,
  Secret,
  UNKNOWN,
  withoutSecrets,
} from "../kit/values.ts";
import type { Generated, GeneratedType } from "./generated-type.ts";
import { checkInputs, knownInputs, settledInputs } from "./inputs.ts";

/** A package whose resources are values. */
export interface GeneratedPackage {
  /** `random`. */
  readonly name: string;
  /** The version of the vendor's plugin whose behaviour this is. */
  readonly version: string;
  readonly types: readonly GeneratedType[];
}

/** The stand-in for such a package: values are made once, kept in the state, and made anew when an input changes. */
export function createGeneratedProvider(made: GeneratedPackage): Provider {
  return unconfiguredProvider(made.name, made.version, new GeneratedSession(made));
}

class GeneratedSession implements ProviderSession {
  private readonly name: string;
  private readonly types: ReadonlyMap<string, GeneratedType>;

  constructor({ name, types }: GeneratedPackage) {
    this.name = name;
    this.types = new Map(types.map((type) => [type.token, type]));
  }

  async check(request: CheckRequest, call: CallContext): Promise<CheckResult> {
    const type = this.typeOf(request.type);
    for (const [name, rule] of Object.entries(type.inputs)) {
      if (rule.deprecation !== undefined && request.inputs[name] !== undefined) {
        call.warn(`${name} is deprecated: ${rule.deprecation}`);
      }
    }
    return { inputs: withSecrets(type, request.inputs), failures: checkInputs(type, request.inputs) };
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const type = this.typeOf(request.type);
    const before = withoutSecrets(pick(request.oldOutputs, Object.keys(type.inputs))) as PropertyMap;
    const after = repeatedInputs(type, request.newInputs);
    const names = new Set(diffProperties(before, after).map((change) => String(change.path[0])));
    const changes = [...names].sort().map((name) => {
      const [from, to] = [before[name] ?? undefined, withoutSecrets(after[name] ?? null) ?? undefined];
      const undecided = hasUnknown(to);
      const replaces = type.inputs[name]?.replaces;
      return {
        path: [name],
        kind:
          from === undefined
            ? ("add" as const)
            : to === undefined
              ? ("delete" as const)
              : ("update" as const),
        replace: undecided || replaces === undefined || replaces(from as PlainValue, to as PlainValue),
      };
    });
    const properties = [...changes, ...wear(type, request)];
    return { changed: properties.length > 0, properties, deleteBeforeReplace: false, stables: [] };
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const type = this.typeOf(request.type);
    const repeated = repeatedInputs(type, request.inputs);
    if (request.preview) {
      const unknown = Object.fromEntries(type.generatedOutputs.map((name) => [name, UNKNOWN]));
      return { id: "", outputs: withSecrets(type, { ...repeated, ...unknown }) };
    }
    const generated = await type.generate(settledInputs(type, knownInputs(request.inputs)));
    return { id: generated.id, outputs: outputsOf(type, repeated, generated) };
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    const type = this.typeOf(request.type);
    const { inputs, outputs } = request;
    if (outputs !== undefined && Object.keys(outputs).length > 0) {
      return { id: request.id, inputs: inputs ?? {}, outputs };
    }
    if (type.import === undefined) {
      throw new ProviderError(`${type.token} cannot be imported: its value cannot be told from its id`);
    }
    const imported = await type.import(request.id);
    const given = { ...imported.inputs };
    return {
      id: imported.id,
      inputs: given,
      outputs: outputsOf(type, repeatedInputs(type, given), imported),
    };
  }

  async update(request: UpdateRequest): Promise<PropertyMap> {
    const type = this.typeOf(request.type);
    const kept = pick(request.oldOutputs, [...type.generatedOutputs, "id"]);
    return withSecrets(type, { ...repeatedInputs(type, request.newInputs), ...kept });
  }

  async delete(): Promise<void> {}

  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    throw new ProviderError(`the ${this.name} provider has no function ${request.token}`);
  }

  private typeOf(token: string): GeneratedType {
    return servedType(this.name, this.types, token);
  }
}

/** What is worn out is made anew, as if its output had changed. */
function wear(type: GeneratedType, { oldOutputs, newInputs }: DiffRequest): DiffResult["properties"] {
  const { wornOut } = type;
  if (wornOut === undefined || !wornOut.isWornOut(knownInputs(oldOutputs), knownInputs(newInputs))) return [];
  return [{ path: [wornOut.output], kind: "update", replace: true }];
}

/** The outputs that repeat inputs, with defaults; what was secret or unknown in the inputs is so in them. */
function repeatedInputs(type: GeneratedType, inputs: PropertyMap): PropertyMap {
  const settled = settledInputs(type, knownInputs(inputs));
  const marked = Object.entries(inputs).filter(([, value]) => hasSecret(value) || hasUnknown(value));
  return { ...settled, ...Object.fromEntries(marked) };
}

/** The vendor's plugin repeats the id among the outputs. */
function outputsOf(type: GeneratedType, repeated: PropertyMap, generated: Generated): PropertyMap {
  return { ...withSecrets(type, { ...repeated, ...generated.outputs }), id: generated.id };
}

function withSecrets(type: GeneratedType, outputs: PropertyMap): PropertyMap {
  const secrets = (type.secretOutputs ?? []).flatMap((name) => {
    const value = outputs[name];
    return value === undefined || value instanceof Secret ? [] : [[name, new Secret(value)]];
  });
  return { ...outputs, ...Object.fromEntries(secrets) };
}

function pick(map: PropertyMap, names: readonly string[]): PropertyMap {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = map[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
