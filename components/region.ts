import type * as pulumi from "@pulumi/pulumi";
import { type Region, regions } from "../catalog/regions.ts";
import type { DropletSize } from "../catalog/sizes.ts";
import type { ArgumentChecks } from "./errors.ts";

/** What only some regions have. */
type Offer = { [Key in keyof Region]: Region[Key] extends boolean ? Key : never }[keyof Region];

/** Records a fault for a region that lacks what a component is made of. */
export function checkRegion(
  checks: ArgumentChecks,
  region: pulumi.Input<string> | undefined,
  offer: Offer,
  path = "region",
): void {
  checks.oneOf(
    path,
    region,
    regions.filter((each) => each[offer]).map(({ slug }) => slug),
  );
}

/** Records a fault for a size that cannot be had in a region. */
export function checkSizeInRegion(
  checks: ArgumentChecks,
  path: string,
  size: DropletSize | undefined,
  region: pulumi.Input<string> | undefined,
): void {
  const { slug, regions: offered = [] } = size ?? {};
  checks.check(
    path,
    region,
    (where) => offered.length === 0 || offered.includes(where),
    (where) => `is "${slug}", which ${where} does not have`,
    `Choose another size, or one of the regions that have it: ${offered.join(", ")}.`,
  );
}
