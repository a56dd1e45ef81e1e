import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import ts from "typescript";

/** What the vendor's package declares of one type, for programs. */
interface DeclaredResource {
  readonly inputs: readonly string[];
  readonly requiredInputs: readonly string[];
  readonly outputs: readonly string[];
}

const requireHere = createRequire(import.meta.url);

/**
 * Reads a type's declaration in the vendor's npm package. Write-only inputs are left out, as no stand-in takes them: what
 * they could be given in place of is then required.
 *
 * @param token Such as `tls:index/privateKey:PrivateKey`.
 */
export function declaredResource(token: string): DeclaredResource {
  const [name = "", module = "", type = ""] = token.split(":");
  const file = requireHere.resolve(`@pulumi/${name}/${module.replace("index/", "")}.d.ts`);
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const membersOf = (wanted: string): readonly (ts.ClassElement | ts.TypeElement)[] =>
    source.statements.flatMap((statement) =>
      (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) &&
      statement.name?.text === wanted
        ? [...statement.members]
        : [],
    );
  const nameOf = ({ name: declared }: { readonly name: ts.PropertyName }) => declared.getText(source);
  const args = membersOf(`${type}Args`).filter(ts.isPropertySignature);
  const optional = args.filter(({ questionToken }) => questionToken !== undefined).map(nameOf);
  const writeOnly = optional.filter((input) => input.endsWith("Wo"));
  const isOffered = (property: string) =>
    !writeOnly.some((input) => [input, `${input}Version`].includes(property));
  const inputs = args.map(nameOf).filter(isOffered).sort();
  return {
    inputs,
    requiredInputs: inputs.filter((input) => !optional.includes(input) || writeOnly.includes(`${input}Wo`)),
    outputs: membersOf(type)
      .filter(ts.isPropertyDeclaration)
      .filter(({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
      .map(nameOf)
      .filter(isOffered)
      .sort(),
  };
}
