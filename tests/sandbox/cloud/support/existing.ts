import { type TestCloud, testToken } from "./cloud.ts";

/** Stands in a request for something that exists when it is sent: the nth in a list of the API. */
export class Existing {
  readonly list: string;
  readonly nth: number;

  constructor(list: string, nth = 0) {
    this.list = list;
    this.nth = nth;
  }
}

type Thing = Readonly<Record<string, unknown>>;

/** How things are known, in the order in which it is looked for. */
const identifiers = ["id", "uuid", "sink_id", "access_key", "ip", "name"];

/** The request's body or query with the ids of what exists, as far as there is anything. */
export async function resolveExisting(cloud: TestCloud, value: unknown): Promise<unknown> {
  if (value instanceof Existing) return idOf(await find(cloud, value), "id");
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveExisting(cloud, item)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, held]) => [key, await resolveExisting(cloud, held)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** The path with the ids of what exists in place of its parameters: each is looked for in the list before it. */
export async function resolvePath(cloud: TestCloud, template: string, nth = 0): Promise<string> {
  let path = "";
  for (const part of template.split("/").slice(1)) {
    const parameter = /^\{(.+)\}$/.exec(part)?.[1];
    if (parameter === undefined) path += `/${part}`;
    else
      path += `/${encodeURIComponent(String(idOf(await find(cloud, new Existing(path, nth)), parameter)))}`;
  }
  return path;
}

async function find(cloud: TestCloud, { list, nth }: Existing): Promise<Thing | undefined> {
  // The single form of registries has no list.
  const url = list === "/v2/registry" ? "/v2/registries" : list;
  const authorization = `Bearer ${testToken}`;
  const answer = await cloud.app.inject({ url: `${url}?per_page=200`, headers: { authorization } });
  if (answer.statusCode !== 200) return undefined;
  const things = Object.values(answer.json<Thing>()).find(Array.isArray) as Thing[] | undefined;
  return things?.[nth % things.length];
}

function idOf(thing: Thing | undefined, parameter: string): unknown {
  const nameFirst = /name$/.test(parameter) ? ["name", ...identifiers] : identifiers;
  const known = nameFirst.find((identifier) => thing?.[identifier] !== undefined);
  return known === undefined ? "00000000-0000-4000-8000-000000000000" : thing?.[known];
}
