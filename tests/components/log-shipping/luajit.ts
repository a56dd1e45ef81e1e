import { spawnSync } from "node:child_process";
import { z } from "zod";
import { recordScript } from "../../../components/log-shipping/configuration.ts";

/** Whether the interpreter is here that Fluent Bit has in itself; Debian has it as a program. */
export const luajitIsHere = spawnSync("luajit", ["-v"]).status === 0;

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** What a line has become, as it goes to the store. */
export const shaped = z.looseObject({
  message: z.string(),
  level: z.string(),
  event: z.string(),
  component: z.string(),
  namespace: z.string(),
  pod: z.string(),
  container: z.string(),
  node: z.string(),
  environment: z.string(),
  trace_id: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
});

/** Writes what Fluent Bit would print as JSON: its own rules for what is a list are the same. */
const writer = `
local function json(value)
  if type(value) == "string" then
    return '"' .. value:gsub('[%c"\\\\]', function(c) return string.format("\\\\u%04x", c:byte()) end) .. '"'
  end
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  if #value > 0 then
    for _, each in ipairs(value) do table.insert(parts, json(each)) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  for name, each in pairs(value) do table.insert(parts, json(tostring(name)) .. ":" .. json(each)) end
  return "{" .. table.concat(parts, ",") .. "}"
end
`;

const literal = (value: Value): string => {
  if (typeof value === "string")
    return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `{${value.map(literal).join(",")}}`;
  return `{${Object.entries(value)
    .map(([name, each]) => `[${literal(name)}]=${literal(each)}`)
    .join(",")}}`;
};

/** Lets LuaJIT do with records what Fluent Bit has it do. */
export function shapeAll(
  records: readonly { readonly tag: string; readonly record: Readonly<Record<string, Value>> }[],
): z.infer<typeof shaped>[] {
  const calls = records.map(
    ({ tag, record }) =>
      `do local code, _, shaped = shape(${literal(tag)}, 0, ${literal(record)}) assert(code == 2) print(json(shaped)) end`,
  );
  const { status, stdout, stderr } = spawnSync("luajit", ["-"], {
    input: [recordScript.text, writer, ...calls].join("\n"),
    encoding: "utf8",
    env: { ...process.env, ENVIRONMENT: "staging", NODE_NAME: "node-1", NAME_PREFIX: "whisper-staging-" },
  });
  if (status !== 0) throw new Error(`luajit: ${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => shaped.parse(JSON.parse(line)));
}
