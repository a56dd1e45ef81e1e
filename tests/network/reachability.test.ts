import { describe, expect, it } from "vitest";
import { compare, desired, partiesOf, relations } from "./comparison.ts";
import { worldOf } from "./world.ts";

describe.each(["staging", "production"] as const)("on the network of %s", (environment) => {
  const world = worldOf(desired(environment));
  const parties = partiesOf(environment);
  const comparison = compare(world, parties);

  it("everybody who is there is declared, and everybody declared is there", () => {
    const members = world.actors.flatMap(({ party }) => party ?? []);
    // Where Kubernetes' own is, nobody knows: it is met among the public.
    const declared = parties.map(({ name }) => name).filter((name) => name !== "kubernetes-api");
    expect([...new Set(members)].sort()).toEqual(declared.sort());
  });

  it.each(relations)(
    "what is %s is what is declared: nothing declared is closed, nothing open is undeclared",
    (relation) => {
      const { open, declared } = comparison[relation];
      expect(declared.length).toBeGreaterThan(10);
      expect(open).toEqual(declared);
    },
  );
});
