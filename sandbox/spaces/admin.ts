import type { Bucket } from "./model.ts";

/** What the emulated cloud asks of Spaces. */
export interface SpacesAdmin {
  /** Every bucket: what a CDN endpoint's origin and a project's `do:space:` URN may name. */
  buckets(): Pick<Bucket, "name" | "region" | "createdAt">[];
}
