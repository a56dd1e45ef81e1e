/*
 * What of a span is personal or secret. Instrumentation writes down what it sees: addresses with what stands behind the
 * question mark, headers, statements. None of it is to reach a store that others read.
 */

/** Names of attributes whose values are masked, in the notation of Go's regular expressions. */
export const personalKeys: readonly string[] = [
  "(?i)(^|[._-])(password|passwd|secret|token|authorization|cookie|set-cookie|api[._-]?key|credential|session)([._-]|$)",
  "(?i)^(enduser|user)[._](id|name|full_name|email|hash)$",
  "(?i)^(client|source|network\\.peer|net\\.peer|net\\.sock\\.peer|http\\.client)[._](address|ip)$",
  "(?i)(^|[._-])(e?mail|phone|transcript|file_?name)([._-]|$)",
];

/** Values, or the part of one, that are masked wherever they stand: e-mail addresses, tokens, addresses, cards. */
export const personalValues: readonly string[] = [
  "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}",
  "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+",
  "(?i)bearer +[A-Za-z0-9._~+/=-]+",
  "\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b",
  "\\b(?:4\\d{12}(?:\\d{3})?|5[1-5]\\d{14}|3[47]\\d{13})\\b",
];

/** Attributes that hold an address, by the old and the new names of OpenTelemetry's conventions. */
const urlKeys = ["url.full", "http.url", "http.target"] as const;

/** Cut off each address what stands behind its path: a signed link of Spaces' opens a recording. */
export const urlStatements: readonly string[] = [
  ...urlKeys.map((key) => `replace_pattern(span.attributes["${key}"], "[?#].*$", "")`),
  'delete_key(span.attributes, "url.query")',
];
