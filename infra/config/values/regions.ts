import { z } from "zod";
import { regions } from "../../../catalog/regions.ts";
import { dropletSizes } from "../../../catalog/sizes.ts";
import { didYouMean } from "../did-you-mean.ts";
import { guided, refuse } from "../guidance.ts";

/** Regions that have everything the platform is made of, GPUs included. */
const wholeRegions = regions
  .filter(
    ({ slug, available, spaces, kubernetes, databases }) =>
      available &&
      spaces &&
      kubernetes &&
      databases &&
      dropletSizes.some((size) => size.gpu && (size.regions?.includes(slug) ?? true)),
  )
  .map(({ slug }) => slug);

export const region = guided(
  z.string().superRefine((slug, context) => {
    if (!wholeRegions.includes(slug)) {
      const known = regions.some((candidate) => candidate.slug === slug);
      const near = known ? undefined : didYouMean(slug, wholeRegions);
      refuse(
        context,
        `is "${slug}", which is ${known ? "a region without all the platform needs" : "no region of DigitalOcean's"}`,
        `${near ? `Did you mean "${near}"? ` : ""}Regions with Kubernetes, databases, Spaces and GPUs are ${wholeRegions.join(", ")}.`,
      );
    }
  }),
  { expects: "the slug of a DigitalOcean region", example: "tor1" },
);

const spacesRegions = regions.filter(({ spaces, available }) => spaces && available).map(({ slug }) => slug);

export const backupRegion = guided(
  z.string().superRefine((slug, context) => {
    if (!spacesRegions.includes(slug)) {
      const near = didYouMean(slug, spacesRegions);
      refuse(
        context,
        `is "${slug}", where there are no buckets`,
        `${near ? `Did you mean "${near}"? ` : ""}Regions with buckets are ${spacesRegions.join(", ")}.`,
      );
    }
  }),
  { expects: "the slug of another region of DigitalOcean's", example: "nyc3" },
);
