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
import {
  hasSecret,
  hasUnknown,
  type PlainValue,
  type PropertyMap,
  Secret,
  UNKNOWN,
  withoutSecrets,
} from "../kit/values.ts";
import { checkInputs, knownInputs, settledInputs } from "./inputs.ts";
import type { Generated, RandomType } from "./random-type.ts";
import { RANDOM_TYPES } from "./types/index.ts";

/** The version of the vendor's plugin whose behaviour this is. */
const VERSION = "4.21.2";

const TYPES: ReadonlyMap<string, RandomType> = new Map(RANDOM_TYPES.map((type) => [type.token, type]));

/** The stand-in for pulumi-random: values are drawn once, kept in the state, and drawn anew when an input changes. */
export function createRandomProvider(): Provider {
  const session = new RandomSession();
  return {
    name: "random",
    version: VERSION,
    schema: () => ({ name: "random", version: VERSION }),
    checkConfig: async ({ inputs }) => ({ inputs, failures: [] }),
    diffConfig: async () => ({ changed: false, properties: [], deleteBeforeReplace: false, stables: [] }),
    configure: async () => session,
  };
}

class RandomSession implements ProviderSession {
  async check(request: CheckRequest, call: CallContext): Promise<CheckResult> {
    const type = typeOf(request.type);
    for (const [name, rule] of Object.entries(type.inputs)) {
      if (rule.deprecation !== undefined && request.inputs[name] !== undefined) {
        call.warn(`${name} is deprecated: ${rule.deprecation}`);
      }
    }
    return { inputs: request.inputs, failures: checkInputs(type, request.inputs) };
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const type = typeOf(request.type);
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
    return { changed: changes.length > 0, properties: changes, deleteBeforeReplace: false, stables: [] };
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const type = typeOf(request.type);
    const repeated = repeatedInputs(type, request.inputs);
    if (request.preview) {
      const unknown = Object.fromEntries(type.generatedOutputs.map((name) => [name, UNKNOWN]));
      return { id: "", outputs: { ...repeated, ...withSecrets(type, unknown) } };
    }
    const generated = await type.generate(settledInputs(type, knownInputs(request.inputs)));
    return { id: generated.id, outputs: outputsOf(type, repeated, generated) };
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    const type = typeOf(request.type);
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
    const type = typeOf(request.type);
    const kept = pick(request.oldOutputs, [...type.generatedOutputs, "id"]);
    return { ...repeatedInputs(type, request.newInputs), ...kept };
  }

  async delete(): Promise<void> {}

  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    throw new ProviderError(`the random provider has no function ${request.token}`);
  }
}

function typeOf(token: string): RandomType {
  const type = TYPES.get(token);
  if (type === undefined) {
    throw new ProviderError(
      `the sandbox's random provider does not serve the type ${token}; it serves ${[...TYPES.keys()].join(", ")}`,
    );
  }
  return type;
}

/** The outputs that repeat inputs, with defaults; what was secret or unknown in the inputs is so in them. */
function repeatedInputs(type: RandomType, inputs: PropertyMap): PropertyMap {
  const settled = settledInputs(type, knownInputs(inputs));
  const marked = Object.entries(inputs).filter(([, value]) => hasSecret(value) || hasUnknown(value));
  return { ...settled, ...Object.fromEntries(marked) };
}

/** The vendor's plugin repeats the id among the outputs. */
function outputsOf(type: RandomType, repeated: PropertyMap, generated: Generated): PropertyMap {
  return { ...repeated, ...withSecrets(type, generated.outputs), id: generated.id };
}

function withSecrets(type: RandomType, outputs: PropertyMap): PropertyMap {
  const secrets = (type.secretOutputs ?? []).flatMap((name) => {
    const value = outputs[name];
    return value === undefined ? [] : [[name, new Secret(value)]];
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
