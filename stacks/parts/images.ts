import type * as pulumi from "@pulumi/pulumi";
import { Image } from "../../components/image/image.ts";
import type { Deployment } from "../deployment.ts";

/** What is pinned; what the platform itself brings has the platform's own version. */
export const pinnedParts = ["api", "web", "worker"] as const;

type Part = (typeof pinnedParts)[number];

/** What runs, as those who run it take it. */
export interface RunningImages {
  /** On Kubernetes: by digest where tags are pinned. */
  readonly application: Readonly<Record<Part, pulumi.Input<string>>>;
  /** On droplets, whose user data has to be known beforehand: by a tag that nobody moves where tags are pinned. */
  readonly gpuWorker: string;
  /** What has to be there before anybody pulls. */
  readonly prerequisites: readonly pulumi.Resource[];
}

/** The application's images as the operator named them, or pinned. */
export function runningImages(
  named: (component: string) => string,
  { environment, images, pinImages }: Deployment,
): RunningImages {
  if (!pinImages) return { application: images, gpuWorker: images.worker, prerequisites: [] };
  const pinned = (part: Part) =>
    new Image(named(`${part}-image`), { reference: images[part], pin: environment });
  const [api, web, worker] = [pinned("api"), pinned("web"), pinned("worker")];
  return {
    application: { api: api.reference, web: web.reference, worker: worker.reference },
    gpuWorker: worker.tag,
    prerequisites: [worker],
  };
}
