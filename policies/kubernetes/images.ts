import type { Pod } from "./pods.ts";

/** What an image's name says. */
export interface ImageName {
  /** As it is written. */
  readonly text: string;
  /** With its registry, such as `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** Of its contents, such as `sha256:...`. */
  readonly digest: string | undefined;
}

/** Reads an image's name as container runtimes do: without a registry it is one of Docker Hub's. */
export function imageName(text: string): ImageName {
  const [named = "", digest] = text.split("@", 2);
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  const [first = "", ...rest] = repository.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const hub = rest.length === 0 ? "docker.io/library" : "docker.io";
  return {
    text,
    repository: hasRegistry ? repository : `${hub}/${repository}`,
    tag: colon === -1 ? undefined : named.slice(colon + 1),
    digest,
  };
}

/** The images that a pod's containers and volumes are made from, with their paths. */
export function imagesOf(pod: Pod): { readonly image: ImageName; readonly path: string }[] {
  const places = [
    ...pod.containers().map(({ container, path }) => ({ text: container.image, path: `${path}.image` })),
    ...(pod.spec.volumes ?? []).map(({ name, image }) => ({
      text: image?.reference,
      path: `${pod.path}.volumes[${name}].image.reference`,
    })),
  ];
  return places.flatMap(({ text, path }) =>
    typeof text === "string" && text !== "" ? [{ image: imageName(text), path }] : [],
  );
}
