import type { ContainerImage } from "../catalog/images.ts";

/** An image of the catalogue as Docker and Kubernetes name it: by digest once one is known, else by version. */
export function imageReference({ repository, tag, digest }: ContainerImage): string {
  return digest === undefined ? `${repository}:${tag}` : `${repository}:${tag}@${digest}`;
}
