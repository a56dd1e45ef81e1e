/** Whether an address or range means everybody on the internet. */
export function isEverybody(address: string): boolean {
  return ["0.0.0.0/0", "::/0", "0.0.0.0", "::"].includes(address.trim());
}

/** Whether a port or range (`22`, `8000-9000`, `all`, `0`, absent) contains `port`. */
export function includesPort(range: string | undefined, port: number): boolean {
  if (range === undefined || range === "all" || range === "0" || range === "") return true;
  const [first = "", last = first] = range.split("-");
  return Number(first) <= port && port <= Number(last);
}
