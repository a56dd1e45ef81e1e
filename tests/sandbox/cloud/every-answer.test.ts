import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Endpoint } from "../../../sandbox/cloud/endpoint.ts";
import { families } from "../../../sandbox/cloud/families/index.ts";
import { type TestCloud, testCloud } from "./support/cloud.ts";
import { apiDescription } from "./support/description.ts";
import { resolveExisting, resolvePath } from "./support/existing.ts";
import { furnish } from "./support/furnished.ts";
import { openApiChecker } from "./support/openapi.ts";
import { type RandomRequest, RequestGenerator } from "./support/requests.ts";

/** The same requests in every run: another seed tries others. */
const seed = 3;
const requestsPerOperation = 8;

/** What changes less comes first, so that there is something to change. */
const order = ["GET", "POST", "PUT", "PATCH", "DELETE"];

describe("a cloud with one of each thing", () => {
  it("can be made", async () => {
    const cloud = await testCloud();
    expect((await furnish(cloud)).filter((status) => status >= 300)).toEqual([]);
    await cloud.close();
  });
});

describe.skipIf(apiDescription() === undefined)(
  "every answer, to requests good and bad (REFERENCE_DATA)",
  () => {
    let cloud: TestCloud;
    beforeAll(async () => {
      cloud = await testCloud();
    });
    afterAll(() => cloud.close());

    const description = apiDescription();
    const generator = description === undefined ? undefined : new RequestGenerator(description);

    async function send({ method, path }: Endpoint, request: RandomRequest): Promise<void> {
      const found =
        request.nth === undefined
          ? path.replaceAll(/\{\w+\}/g, "x")
          : await resolvePath(cloud, path, request.nth);
      const query = Object.entries(request.query).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      const url = query.length === 0 ? found : `${found}?${new URLSearchParams(query)}`;
      const body = await resolveExisting(cloud, request.body);
      const answer = await cloud.request(method, url, body);
      const said = `${method} ${url} ${JSON.stringify(body)} -> ${answer.status} ${JSON.stringify(answer.body)}`;
      expect(answer.status, said).toBeLessThan(500);
      expect(answer.headers["x-request-id"], said).toMatch(/^[0-9a-f-]{36}$/);
      if (answer.status === 204) expect(answer.headers["content-type"], said).toBeUndefined();
      if (answer.status >= 400)
        expect(answer.body, said).toMatchObject({ request_id: answer.headers["x-request-id"] });
    }

    it.each(families.map((family) => ({ name: family.name, endpoints: family.endpoints })))(
      "of $name is as described",
      async ({ endpoints }) => {
        await furnish(cloud);
        for (const endpoint of [...endpoints].sort(
          (a, b) => order.indexOf(a.method) - order.indexOf(b.method),
        )) {
          const operation = openApiChecker()?.operation(endpoint.method, endpoint.path);
          if (operation === undefined || generator === undefined) continue;
          const requests = generator.requestsTo(endpoint, operation);
          await fc.assert(
            fc.asyncProperty(requests, async (request) => {
              await send(endpoint, request);
              cloud.advance(1_000);
            }),
            { seed, numRuns: requestsPerOperation, endOnFailure: true },
          );
        }
      },
    );
  },
);
