import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import ts from "typescript";

/** What the vendor's package declares of one type, for programs. */
export interface DeclaredResource {
  /** What each input holds: `string`, `number`, `boolean`, or `list`, `map`, `object` of whatever. */
  readonly inputs: Readonly<Record<string, DeclaredKind>>;
  readonly requiredInputs: readonly string[];
  readonly deprecatedInputs: readonly string[];
  readonly outputs: readonly string[];
  /** Outputs that are never undefined. */
  readonly requiredOutputs: readonly string[];
  readonly secretOutputs: readonly string[];
}

/** Kinds of values that a declaration tells apart. */
export type DeclaredKind = "string" | "number" | "boolean" | "list" | "map" | "object";

const requireHere = createRequire(import.meta.url);

/** Tokens of all resource types that a package of Pulumi's has, e.g. of `tls`. */
export function declaredTokens(name: string): string[] {
  return sourceOf(name, "index").statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    const exported = statement.exportClause.getText();
    const [, type] = /(\w+)State\b/.exec(exported) ?? [];
    const [, module] = /"\.\/(\w+)"/.exec(statement.getText()) ?? [];
    return type === undefined || module === undefined ? [] : [`${name}:index/${module}:${type}`];
  });
}

/**
 * Reads a type's declaration in the vendor's npm package. Write-only inputs are left out, as no stand-in takes them: what
 * they could be given in place of is then required.
 *
 * @param token Such as `tls:index/privateKey:PrivateKey`.
 */
export function declaredResource(token: string): DeclaredResource {
  const [name = "", path = "", type = ""] = token.split(":");
  const module = path.replace("index/", "");
  const source = sourceOf(name, module);
  const membersOf = (wanted: string): readonly (ts.ClassElement | ts.TypeElement)[] =>
    source.statements.flatMap((statement) =>
      (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) &&
      statement.name?.text === wanted
        ? [...statement.members]
        : [],
    );
  const args = membersOf(`${type}Args`).filter(ts.isPropertySignature);
  const writeOnly = args.map(nameOf).filter((input) => input.endsWith("Wo"));
  const isOffered = (property: string) =>
    !writeOnly.some((input) => [input, `${input}Version`].includes(property));
  const isTaken = (property: ts.PropertySignature | ts.PropertyDeclaration) =>
    writeOnly.includes(`${nameOf(property)}Wo`);
  const inputs = args.filter((input) => isOffered(nameOf(input)));
  const outputs = membersOf(type)
    .filter(ts.isPropertyDeclaration)
    .filter(({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
    .filter((output) => isOffered(nameOf(output)));
  return {
    inputs: Object.fromEntries(inputs.map((input) => [nameOf(input), kindOf(input)])),
    requiredInputs: sorted(inputs.filter((input) => input.questionToken === undefined || isTaken(input))),
    deprecatedInputs: sorted(inputs.filter((input) => ts.getJSDocDeprecatedTag(input) !== undefined)),
    outputs: sorted(outputs),
    requiredOutputs: sorted(
      outputs.filter((output) => !/\|\s*undefined>$/.test(textOf(output)) || isTaken(output)),
    ),
    secretOutputs: secretOutputsOf(name, module).filter(isOffered),
  };
}

const fileOf = (name: string, file: string) => requireHere.resolve(`@pulumi/${name}/${file}`);

function sourceOf(name: string, module: string): ts.SourceFile {
  const file = fileOf(name, `${module}.d.ts`);
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** The declaration is silent about secrets; the package's code lists them. */
function secretOutputsOf(name: string, module: string): string[] {
  const code = readFileSync(fileOf(name, `${module}.js`), "utf8");
  const [, list = ""] = /additionalSecretOutputs: \[([^\]]*)\]/.exec(code) ?? [];
  return [...list.matchAll(/"(\w+)"/g)].flatMap(([, output]) => output ?? []).sort();
}

const nameOf = ({ name }: { readonly name: ts.PropertyName }): string => name.getText();
const textOf = ({ type }: ts.PropertySignature | ts.PropertyDeclaration): string =>
  type?.getText().replaceAll(/\s+/g, " ") ?? "";
const sorted = (properties: readonly { readonly name: ts.PropertyName }[]): string[] =>
  properties.map(nameOf).sort();

/** `pulumi.Input<string>` is a string, `pulumi.Input<pulumi.Input<string>[]>` a list. */
function kindOf(input: ts.PropertySignature): DeclaredKind {
  const [, text = ""] = /^pulumi\.Input<(.*)>$/.exec(textOf(input).replace(" | undefined", "")) ?? [];
  if (text.endsWith("[]")) return "list";
  if (text.startsWith("{")) return "map";
  return text === "string" || text === "number" || text === "boolean" ? text : "object";
}
