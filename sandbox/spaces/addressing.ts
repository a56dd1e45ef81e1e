import { S3Error } from "./errors.ts";
import { spacesRegions } from "./model.ts";

/** Hosts that end like this name a region, and before it perhaps a bucket: `media.fra1.spaces.internal`. */
const domains = ["spaces.internal", "digitaloceanspaces.com"];
const regions = new Set(spacesRegions);

/** What a request is about, as its host and its request line say. */
export interface Address {
  /** The region of the endpoint; undefined where the host names none (path style on a plain address). */
  readonly region?: string;
  readonly bucket?: string;
  readonly key?: string;
  /** The path as it was sent, still encoded: what the client signed. */
  readonly rawPath: string;
  /** The query in the order in which it was sent, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads bucket, key and region from a request: virtual-host style, path style, and the absolute form of a
 * request line that a client behind a proxy sends.
 *
 * @throws S3Error InvalidURI where the path or the query cannot be decoded
 */
export function parseAddress(requestTarget: string, hostHeader: string): Address {
  const absolute = /^[a-z]+:\/\/([^/?]*)([^#]*)$/i.exec(requestTarget);
  const host = (absolute?.[1] ?? hostHeader).toLowerCase().replace(/:\d+$/, "");
  const target = absolute ? (absolute[2] ?? "") : requestTarget;
  const [rawPath = "", ...queryParts] = target.split("?");
  const path = decode(rawPath === "" ? "/" : rawPath);
  const endpoint = parseHost(host);
  const [bucket, key] =
    endpoint.bucket === undefined ? splitPath(path) : ([endpoint.bucket, path.slice(1)] as const);
  return {
    rawPath: rawPath === "" ? "/" : rawPath,
    query: parseQuery(queryParts.join("?")),
    ...(endpoint.region === undefined ? {} : { region: endpoint.region }),
    ...(bucket === "" ? {} : { bucket }),
    ...(bucket === "" || key === "" ? {} : { key }),
  };
}

function parseHost(host: string): { region?: string; bucket?: string } {
  const domain = domains.find((candidate) => host.endsWith(`.${candidate}`));
  if (domain === undefined)
    return host.endsWith(".localhost") ? { bucket: host.slice(0, -".localhost".length) } : {};
  const labels = host.slice(0, -domain.length - 1).split(".");
  const region = labels.pop() ?? "";
  if (!regions.has(region)) {
    throw new S3Error(
      "InvalidURI",
      `There is no Spaces endpoint ${host}: "${region}" is not a region that has Spaces.`,
    );
  }
  return labels.length === 0 ? { region } : { region, bucket: labels.join(".") };
}

function splitPath(path: string): readonly [bucket: string, key: string] {
  const slash = path.indexOf("/", 1);
  return slash === -1 ? [path.slice(1), ""] : [path.slice(1, slash), path.slice(slash + 1)];
}

function parseQuery(raw: string): [string, string][] {
  if (raw === "") return [];
  return raw
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decode(name.replaceAll("+", " ")), decode(value.join("=").replaceAll("+", " "))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(
      "InvalidURI",
      `Couldn't parse the specified URI: "${text}" is not percent-encoded UTF-8.`,
    );
  }
}
