import { containerRule } from "../kubernetes/pods.ts";
import { isSecret, secretsInScript } from "./texts.ts";

export const refuseSecretsInArguments = containerRule({
  name: "refuse-secrets-in-arguments",
  description:
    "No secret stands in a command: it is in the list of processes, in the pod's object and in every log of it.",
  remedy:
    "let the program read it from a file or a variable: `--password=$(PASSWORD)`, `--password-file=/run/secrets/password`",
  severity: "high",
  references: [
    { framework: "Kubescape", id: "C-0012" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  check: ({ command, args }, report, path) => {
    for (const [property, words] of Object.entries({ command, args })) {
      for (const [index, word] of (words ?? []).entries()) {
        const where = `${path}.${property}[${index}]`;
        for (const what of secretsInScript(word)) report(`it holds ${what}`, where);
        if (givesSecret(word, words?.[index + 1])) report("a secret stands in it", where);
      }
    }
  },
});

/** `--password=...` in one word, or `--password ...` in two. */
function givesSecret(word: string, next: string | undefined): boolean {
  const [, name = "", value] = /^-{1,2}([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? [];
  const given = value ?? (next?.startsWith("-") ? undefined : next);
  return given !== undefined && isSecret(name, given);
}
