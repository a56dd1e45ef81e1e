import { regions as catalogue, type Region } from "../../../catalog/regions.ts";
import { dropletSizes } from "../../../catalog/sizes.ts";
import { closest } from "../../closest.ts";
import { endpoint } from "../endpoint.ts";
import type { Family } from "../family.ts";
import { offeredIn } from "./sizes.ts";

const alwaysThere = ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"];

/** A region as the API shows it. */
export interface RegionView {
  readonly name: string;
  readonly slug: string;
  readonly features: readonly string[];
  readonly available: boolean;
  readonly sizes: readonly string[];
}

function present(region: Region): RegionView {
  return {
    name: region.name,
    slug: region.slug,
    features: alwaysThere,
    available: region.available,
    sizes: region.available
      ? dropletSizes.filter((size) => offeredIn(size, region.slug)).map((size) => size.slug)
      : [],
  };
}

const views: ReadonlyMap<string, RegionView> = new Map(
  catalogue.map((region) => [region.slug, present(region)]),
);

/** The region of this slug, as it stands inside other answers. @throws when there is none: check it first. */
export function presentRegion(slug: string): RegionView {
  const region = views.get(slug);
  if (region === undefined) throw new Error(`There is no region ${slug}.`);
  return region;
}

/** What is wrong with creating something in this region, if anything. */
export function regionProblem(slug: string | undefined, field = "region"): string | undefined {
  if (slug === undefined) return `${field}: is required`;
  const region = catalogue.find((one) => one.slug === slug);
  if (region?.available === true) return undefined;
  if (region !== undefined) return `${field}: ${slug} takes no new resources`;
  const meant = closest(
    slug,
    catalogue.map((one) => one.slug),
  );
  return `${field}: ${slug} is not a valid region${meant === undefined ? "" : `, did you mean ${meant}?`}`;
}

const list = endpoint({
  method: "GET",
  path: "/v2/regions",
  handle: ({ page }) => page("regions", [...views.values()]),
});

/** Where things can be put: data of the catalogue. */
export const regions: Family = { name: "regions", endpoints: [list] };
