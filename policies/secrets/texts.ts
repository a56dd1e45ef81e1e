import { secretName } from "../../catalog/secret-names.ts";
import { secretPatterns } from "../../catalog/secret-patterns.ts";

/** What a text holds that nobody else may read: credentials that are known by their form. Never the credential itself. */
export const credentialsIn = (text: string): string[] =>
  secretPatterns.filter(({ pattern }) => pattern.test(text)).map(({ kind }) => kind);

/** `NAME=value`, `name: value`, `"name": "value"`, `--name value`: a script's, a configuration's or a command line's. */
const assignment =
  /(?:^|[\s"'{,;(])(?:(?:export\s+|--?)?["']?([A-Za-z][A-Za-z0-9_.-]{2,60})["']?[ \t]*[=:][ \t]*|--?([A-Za-z][A-Za-z0-9_-]{2,60})[ \t]+)(?:"([^"\n]{6,512})"|'([^'\n]{6,512})'|([^\s"',;&|]{6,512}))/gm;

/** What is filled in when it runs, is read from elsewhere, or only says what kind of thing belongs there. */
const noLiteral =
  /^[$<{%@/~*-]|[$]\{|\{\{|\(secret\)|\.(?:key|pem|crt)$|^(?:disabled|enabled|required?|optional|changeme|example|placeholder|prohibit-password|without-password|undefined)$|^[a-z]+:\/\/[^:@/]*(?::\d+)?(?:\/|$)/i;

/** A bare word with these in it is a program's own text: a call, a list, a comparison. */
const code = /[()[\]{}=]/;

/** Names that speak of a secret and hold none: `SECRET_NAME`, `passwordPolicy`. */
const aboutSecrets = /_(?:NAME|REF|POLICY|TYPE|MODE|AUTHENTICATION|VERSION|REGION|STORE|MANAGER|ENGINE)$/i;

/**
 * What a script or a machine's user data holds that nobody else may read: credentials by their form, and literal values of
 * names that are secrets' (`DB_PASSWORD=...`).
 */
export function secretsInScript(text: string): string[] {
  const found = new Set(credentialsIn(text));
  for (const [, assigned, flag, double, single, bare = ""] of text.matchAll(assignment)) {
    if (!isSecret(assigned ?? flag ?? "", double ?? single ?? bare) || code.test(bare)) continue;
    found.add(`a value of ${assigned ?? flag}`);
  }
  return [...found];
}

/** Whether a setting of this name and value is a secret that stands for itself: it is not taken from elsewhere, nor a switch. */
export const isSecret = (setting: string, value: string): boolean =>
  value !== "" && isSecretName(setting) && !noLiteral.test(value);

/** Whether a setting of this name holds a secret, if it holds anything of its own. */
export function isSecretName(setting: string): boolean {
  const name = inWords(setting);
  return secretName.test(name) && !aboutSecrets.test(name);
}

/** Names of settings in any writing, as those of variables: `db-password`, `dbPassword`, `spring.datasource.password`. */
const inWords = (name: string): string =>
  name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll(/[.-]/g, "_");
