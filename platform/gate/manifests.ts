import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { LineCounter, parseAllDocuments } from "yaml";
import type { JudgedResource } from "../../policies/judge.ts";
import { usageError } from "../exit.ts";

/** Where a resource is written down. */
export interface Place {
  /** File, from the folder in which the command runs. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What a folder of manifests holds. */
export interface Manifests {
  readonly resources: readonly (JudgedResource & { readonly place: Place })[];
  /** Files of YAML or JSON, or documents in them, that are no objects of Kubernetes, such as the values of a chart. */
  readonly others: readonly Place[];
}

const extensions = [".yaml", ".yml", ".json"];
const passedOver = ["node_modules", ".git"];

type Document = Place & { readonly value: unknown };

/**
 * Reads the manifests of Kubernetes in a file, or in a folder and all below it. Lists are taken apart.
 *
 * @throws PlatformError with exit status 2, and everything at once that cannot be read or parsed.
 */
export function readManifests(path: string): Manifests {
  const faults: string[] = [];
  const documents = filesBelow(path, faults).flatMap((file) => documentsOf(file, faults));
  if (documents.length === 0 && faults.length === 0) faults.push(`${path} holds no ${extensions.join(", ")}`);
  if (faults.length > 0)
    throw usageError(`These manifests cannot be judged:\n${faults.map((fault) => `  ${fault}`).join("\n")}`, {
      faults,
    });
  const objects = documents.flatMap(takenApart);
  return {
    resources: objects.flatMap((each) => resourceOf(each) ?? []),
    others: objects.flatMap((each) =>
      resourceOf(each) === undefined ? [{ file: each.file, line: each.line }] : [],
    ),
  };
}

function filesBelow(path: string, faults: string[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .sort((one, other) => one.name.localeCompare(other.name))
      .flatMap((entry) => {
        if (passedOver.includes(entry.name)) return [];
        const below = join(path, entry.name);
        if (entry.isDirectory()) return filesBelow(below, faults);
        return extensions.includes(extname(entry.name)) ? [below] : [];
      });
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
    return [];
  }
}

function documentsOf(path: string, faults: string[]): Document[] {
  const fromHere = relative(process.cwd(), path);
  const file = fromHere.startsWith("..") ? path : fromHere;
  const lines = new LineCounter();
  return [...parseAllDocuments(readFileSync(path, "utf8"), { lineCounter: lines })].flatMap((document) => {
    const { line } = lines.linePos(document.contents?.range?.[0] ?? document.range[0]);
    for (const { message } of document.errors) faults.push(`${file}:${line}: ${message.split("\n", 1)[0]}`);
    if (document.errors.length > 0 || document.contents === null) return [];
    return [{ file, line, value: withoutNulls(document.toJS()) }];
  });
}

/** Kubernetes takes what is null as left out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

function takenApart(document: Document): Document[] {
  const { kind, items } = fields(document.value);
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return [document];
  return items.flatMap((value: unknown) =>
    takenApart({ ...document, value: { kind: kind.slice(0, -"List".length), ...fields(value) } }),
  );
}

function resourceOf({ value, ...place }: Document): (JudgedResource & { readonly place: Place }) | undefined {
  const props = fields(value);
  const { apiVersion = "v1", kind, metadata } = props;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || kind === "") return undefined;
  const { namespace, name } = fields(metadata);
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const called = `${place.file}#${[namespace, name ?? place.line].filter((part) => part !== undefined).join("/")}`;
  return { urn: `urn:pulumi:manifests::manifests::${type}::${called}`, type, name: called, props, place };
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
