import { expect, it } from "vitest";
import { containerImages } from "../../catalog/images.ts";
import { trustedRepositories } from "../../catalog/registries.ts";
import { imageName } from "../../policies/kubernetes/images.ts";

it.each(Object.values(containerImages))(
  "$repository comes from a publisher that is named",
  ({ repository }) => {
    const { repository: whole } = imageName(repository);
    expect(Object.keys(trustedRepositories).some((begin) => whole.startsWith(begin))).toBe(true);
  },
);

it("no publisher's name is the beginning of another's", () => {
  for (const begin of Object.keys(trustedRepositories))
    expect(begin).toMatch(/^[a-z0-9.-]+\/([a-z0-9._-]+\/)*$/);
});
