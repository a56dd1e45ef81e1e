/** A kind of credential, and how its texts look: as their makers publish it, so that scanners find what leaked. */
interface SecretPattern {
  /** What it is called in a message, which never quotes the text itself. */
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Credentials that are told by their form alone, wherever they stand. */
export const secretPatterns: readonly SecretPattern[] = [
  { kind: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { kind: "an age identity", pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50,}/ },
  { kind: "a token of DigitalOcean", pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/ },
  { kind: "a key of Spaces", pattern: /\bDO(?:00|801)[A-Z0-9]{16}\b/ },
  { kind: "an access key of AWS", pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { kind: "a password of a managed database", pattern: /\bAVNS_[A-Za-z0-9_-]{16,}/ },
  { kind: "a token of GitHub", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/ },
  { kind: "a token of GitLab", pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { kind: "a token of Slack", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/ },
  {
    kind: "a webhook of Slack",
    pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Z0-9]+\/[A-Za-z0-9/]{16,}/,
  },
  { kind: "a key of Stripe", pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/ },
  { kind: "a key of Google's", pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { kind: "a key of OpenAI or Anthropic", pattern: /\bsk-(?:proj-|ant-|svcacct-)[A-Za-z0-9_-]{24,}/ },
  { kind: "a token of Hugging Face", pattern: /\bhf_[A-Za-z0-9]{32,}\b/ },
  { kind: "a token of npm", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { kind: "a token of Pulumi", pattern: /\bpul-[a-f0-9]{40}\b/ },
  {
    kind: "a signed token (JWT)",
    pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
  },
  {
    kind: "a password in an address",
    // A place that is filled in later is none: `${...}`, `$NAME`, `<password>`, `{{ ... }}`.
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"<>]{0,64}:(?![$<{%*[])[^\s/:@'"<>]{3,128}@[^\s/'"]/,
  },
];
