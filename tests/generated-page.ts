/**
 * A page with its generated parts: what stands between `<!-- generated: <part> -->` and `<!-- end -->`. The rest is written by
 * hand, and stays.
 *
 * @param name What to call the page in an error.
 * @throws where the page has no place for a part.
 */
export function filledPage(text: string, parts: Readonly<Record<string, string>>, name: string): string {
  const filled = new Set<string>();
  const page = text.replace(
    /(<!-- generated: (\w+) -->)[\s\S]*?(<!-- end -->)/g,
    (whole, start: string, part: string, end: string) => {
      filled.add(part);
      return parts[part] === undefined ? whole : `${start}\n\n${parts[part]}\n\n${end}`;
    },
  );
  const missing = Object.keys(parts).filter((part) => !filled.has(part));
  if (missing.length > 0) throw new Error(`${name} has no place for: ${missing.join(", ")}`);
  return page;
}
