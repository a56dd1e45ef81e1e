import { digestOf } from "../../registry/digest.ts";
import { ProviderError } from "../kit/errors.ts";

/** The registry as images name it, and where it is here. */
export interface RegistryPlace {
  /** Address of the sandbox's own registry, asked for when it is needed. */
  readonly url: () => string;
  /** The account's token: user name and password in one. */
  readonly token: string;
}

/** The real registry's name: what images begin with, whoever serves them. */
const realHost = "registry.digitalocean.com";

/** An image by its name in the registry. */
export interface ImageName {
  /** `whisper-staging-registry/api`. */
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/** A manifest as it is in the registry. */
export interface RemoteManifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly text: string;
}

/**
 * Takes an image's name apart.
 * @throws ProviderError for one that is not in the registry of the sandbox: no other can be reached from it
 */
export function parseImageName(name: string, place: RegistryPlace): ImageName {
  const [, host, repository, tag, digest] =
    /^([^/]+)\/([a-z0-9._/-]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(name) ?? [];
  const known = [realHost, new URL(place.url()).host];
  if (host === undefined || repository === undefined || !known.includes(host)) {
    throw new ProviderError(
      `${JSON.stringify(name)} is no image of the sandbox's registry: name it ${realHost}/<registry>/<repository>:<tag>`,
    );
  }
  return { repository, reference: digest ?? tag ?? "latest" };
}

/** Reads and writes manifests of the sandbox's registry, over HTTP as every client of a registry. */
export class RegistryClient {
  readonly #place: RegistryPlace;

  constructor(place: RegistryPlace) {
    this.#place = place;
  }

  /** The manifest; undefined when there is none. */
  async read({ repository, reference }: ImageName): Promise<RemoteManifest | undefined> {
    const answer = await this.#send("GET", repository, `manifests/${reference}`);
    if (answer.status === 404) return undefined;
    const text = await requireOk(answer).then((ok) => ok.text());
    const mediaType = answer.headers.get("content-type") ?? "";
    return { mediaType, text, digest: answer.headers.get("docker-content-digest") ?? "" };
  }

  /** Writes a manifest under a tag or its digest. @returns its digest */
  async write({ repository, reference }: ImageName, mediaType: string, text: string): Promise<string> {
    const answer = await this.#send("PUT", repository, `manifests/${reference}`, mediaType, text);
    return (await requireOk(answer)).headers.get("docker-content-digest") ?? "";
  }

  /** Writes a blob. @returns its descriptor */
  async writeBlob(repository: string, mediaType: string, text: string) {
    const digest = digestOf(text);
    const path = `blobs/uploads/?digest=${digest}`;
    await requireOk(await this.#send("POST", repository, path, "application/octet-stream", text));
    return { mediaType, digest, size: Buffer.byteLength(text) };
  }

  /** Deletes a manifest with all its tags, if it is there. */
  async delete({ repository, reference }: ImageName): Promise<void> {
    const answer = await this.#send("DELETE", repository, `manifests/${reference}`);
    if (answer.status !== 404) await requireOk(answer);
  }

  async #send(
    method: string,
    repository: string,
    path: string,
    contentType?: string,
    body?: string,
  ): Promise<Response> {
    const { url, token } = this.#place;
    const basic = Buffer.from(`${token}:${token}`).toString("base64");
    const scope = `repository:${repository}:pull,push,delete`;
    const asked = await fetch(`${url()}/v2/registry/auth?scope=${scope}`, {
      headers: { authorization: `Basic ${basic}` },
    });
    const { token: bearer } = (await requireOk(asked).then((ok) => ok.json())) as { token: string };
    return fetch(`${url()}/v2/${repository}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(contentType !== undefined && { "content-type": contentType }),
      },
      ...(body !== undefined && { body }),
    });
  }
}

async function requireOk(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  throw new ProviderError(`the registry answered ${answer.status}: ${await answer.text()}`);
}
