import type { Finding } from "../gate/verdict.ts";

/** What one policy says, of however many resources: what it says of each of them stands there once. */
export interface FindingGroup {
  readonly policy: string;
  /** Lines that every message begins with: why. */
  readonly before: readonly string[];
  readonly findings: readonly { readonly finding: Finding; readonly lines: readonly string[] }[];
  /** Lines that every message ends with: what to do. */
  readonly after: readonly string[];
}

/** Findings by policy, in the order in which each policy first speaks. */
export function findingGroups(findings: readonly Finding[]): FindingGroup[] {
  const byPolicy = new Map<string, Finding[]>();
  for (const finding of findings)
    byPolicy.set(finding.policy, [...(byPolicy.get(finding.policy) ?? []), finding]);
  return [...byPolicy].map(([policy, own]) => groupOf(policy, own));
}

function groupOf(policy: string, findings: readonly Finding[]): FindingGroup {
  const messages = findings.map(({ message }) => linesOf(message));
  const remedies = messages.map((lines) => lines.slice(remedyAt(lines)));
  const [remedy = []] = remedies;
  const shared = findings.length > 1;
  const after = shared && remedies.every((lines) => lines.join("\n") === remedy.join("\n")) ? remedy : [];
  const own = messages.map((lines) => lines.slice(0, lines.length - after.length));
  // Each keeps a line of its own.
  const before = shared ? commonStart(own, Math.min(...own.map(({ length }) => length)) - 1) : [];
  return {
    policy,
    before,
    findings: findings.map((finding, index) => ({
      finding,
      lines: (own[index] ?? []).slice(before.length),
    })),
    after,
  };
}

/** Where what to do begins; the length where nothing says it. */
function remedyAt(lines: readonly string[]): number {
  const index = lines.findIndex((line) => line.startsWith("Remedy: "));
  return index === -1 ? lines.length : index;
}

/** At most so many lines that all begin with. */
function commonStart(messages: readonly (readonly string[])[], most: number): string[] {
  const [first = []] = messages;
  const differs = first.findIndex((line, index) => messages.some((lines) => lines[index] !== line));
  return first.slice(0, Math.min(Math.max(most, 0), differs === -1 ? first.length : differs));
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
