/** A section of a systemd unit: a directive that may be given several times has a list. */
export type Section = Readonly<Record<string, string | readonly string[]>>;

/** The text of a systemd unit. */
export function unitFile(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([section, entries]) => [`[${section}]`, ...Object.entries(entries).flatMap(linesOf)].join("\n"))
    .join("\n\n")
    .concat("\n");
}

function linesOf([key, value]: [string, string | readonly string[]]): string[] {
  return [value].flat().map((text) => `${key}=${text}`);
}
