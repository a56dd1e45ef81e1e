import {
  type CallContext,
  diffProperties,
  type PropertyMap,
  type PropertyPath,
  type Provider,
  ProviderError,
  ResourceInitError,
  Secret,
  toDiffResult,
  UNKNOWN,
} from "../../../../sandbox/providers/kit/index.ts";

/** A provider that keeps its resources in a map: the smallest that answers everything the engine asks. */
export interface MemoryProvider {
  readonly provider: Provider;
  readonly resources: Map<string, PropertyMap>;
  /** The configurations that arrived, oldest first. */
  readonly configurations: PropertyMap[];
  /** The methods that were called, with logical names. */
  readonly calls: string[];
  /** What the next create waits for, so that a test can cancel it. */
  hold: ((call: CallContext) => Promise<void>) | undefined;
}

const REPLACING = new Set(["region"]);
const replaces = (path: PropertyPath) => REPLACING.has(String(path[0]));

/** Serves `digitalocean:index/vpc:Vpc`-shaped resources of any type. `password` is a secret output, `broken` fails. */
export function createMemoryProvider(): MemoryProvider {
  const memory: MemoryProvider = {
    resources: new Map(),
    configurations: [],
    calls: [],
    hold: undefined,
    provider: {
      name: "digitalocean",
      version: "4.80.1",
      schema: () => ({ name: "digitalocean", version: "4.80.1" }),
      checkConfig: async ({ inputs }) => ({ inputs, failures: [] }),
      diffConfig: async ({ oldInputs, newInputs }) =>
        toDiffResult(diffProperties(oldInputs, newInputs), { replaces: () => false }),
      configure: async (config) => {
        memory.configurations.push(config);
        return {
          check: async ({ inputs, name }) => {
            memory.calls.push(`check ${name}`);
            const failures = ["mars1", "pluto1"].includes(String(inputs.region))
              ? [
                  { path: ["region"], reason: `there is no region ${String(inputs.region)}` },
                  { path: ["tags", 0], reason: "tags are not for other planets" },
                ]
              : [];
            return { inputs: { ipRange: "10.0.0.0/16", ...inputs }, failures };
          },
          diff: async ({ oldInputs, newInputs, name }) => {
            memory.calls.push(`diff ${name}`);
            return toDiffResult(diffProperties(oldInputs, newInputs), { replaces });
          },
          create: async ({ inputs, preview, name }, call) => {
            memory.calls.push(`${preview ? "preview" : "create"} ${name}`);
            if (preview) return { id: "", outputs: { ...inputs, createdAt: UNKNOWN } };
            await memory.hold?.(call);
            const id = `${name}-${memory.resources.size}`;
            const outputs = { ...inputs, createdAt: "2026-11-21T00:00:00Z", password: new Secret("hunter2") };
            memory.resources.set(id, outputs);
            if (inputs.description === "broken") {
              throw new ResourceInitError("it does not start", {
                id,
                inputs,
                outputs,
                reasons: ["no power"],
              });
            }
            if (inputs.description === "impossible")
              throw new ProviderError("this cannot be: make it possible");
            return { id, outputs };
          },
          read: async ({ id, inputs }) => {
            const outputs = memory.resources.get(id);
            return outputs && { id, inputs: inputs ?? { region: outputs.region ?? null }, outputs };
          },
          update: async ({ id, newInputs, preview, name }) => {
            memory.calls.push(`${preview ? "preview" : "update"} ${name}`);
            const outputs = { ...memory.resources.get(id), ...newInputs };
            if (!preview) memory.resources.set(id, outputs);
            return outputs;
          },
          delete: async ({ id }) => {
            memory.calls.push("delete");
            memory.resources.delete(id);
          },
          invoke: async ({ args }) => ({ result: { ...args, answer: 42 } }),
        };
      },
    },
  };
  return memory;
}
