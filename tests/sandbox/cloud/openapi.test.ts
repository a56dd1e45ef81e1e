import { describe, expect, it } from "vitest";
import { families } from "../../../sandbox/cloud/families/index.ts";
import { testCloud } from "./support/cloud.ts";
import { apiDescription, referenceData } from "./support/description.ts";
import { openApiChecker } from "./support/openapi.ts";

if (referenceData === undefined) {
  process.stderr.write(
    "REFERENCE_DATA is not set: no answer of the emulator is held against DigitalOcean's description of its API.\n" +
      "Set it to the folder that holds digitalocean-openapi.yaml.\n",
  );
}

const headers = { "ratelimit-limit": "1", "ratelimit-remaining": "1", "ratelimit-reset": "1" };

/** The families' own tests go through the same checker: see `support/cloud.ts`. Here it is itself judged. */
describe.skipIf(referenceData === undefined)("the API's description (REFERENCE_DATA)", () => {
  const vpc = {
    id: "5a4d9c3e-0000-4000-8000-000000000001",
    urn: "do:vpc:5a4d9c3e-0000-4000-8000-000000000001",
    name: "network",
    description: "",
    region: "fra1",
    ip_range: "10.0.0.0/20",
    created_at: "2026-11-21T09:00:00Z",
    default: false,
  };
  const faultsOf = (exchange: object) =>
    openApiChecker()?.faultsOf({
      method: "GET",
      url: "/v2/vpcs/x",
      status: 200,
      headers,
      body: { vpc },
      ...exchange,
    }) ?? [];

  it("accepts an answer that is as described", () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each([
    ["a value of another type", { body: { vpc: { ...vpc, default: "no" } } }, "/vpc/default"],
    ["a time that is none", { body: { vpc: { ...vpc, created_at: "today" } } }, "/vpc/created_at"],
    ["a missing list", { url: "/v2/vpcs", body: { vpcs: [], links: {} } }, "meta"],
    ["a status that is not described", { status: 201 }, "has only"],
    ["a path that is not described", { url: "/v2/vpc/x" }, "no such operation"],
    ["an error without its id", { status: 422, body: { message: "x" } }, "id"],
    ["a missing header", { headers: {} }, "ratelimit-limit is missing"],
  ])("sees %s", (_what, exchange, fault) => {
    expect(faultsOf(exchange).join("\n")).toContain(fault);
  });

  it("knows every operation the emulator serves", () => {
    const unknown = families
      .flatMap((family) => family.endpoints)
      .filter(({ method, path }) => openApiChecker()?.operation(method, path) === undefined);
    expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it("knows every operation the emulator does not serve, and each is refused as not emulated", async () => {
    const cloud = await testCloud();
    const served = new Set(
      families.flatMap((family) => family.endpoints).map(({ method, path }) => `${method} ${path}`),
    );
    const answered: string[] = [];
    for (const [template, operations] of Object.entries(apiDescription()?.paths ?? {})) {
      // The inference API is another server's.
      if (!template.startsWith("/v2/")) continue;
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        if (operations[method.toLowerCase()] === undefined || served.has(`${method} ${template}`)) continue;
        const { status } = await cloud.request(method, template.replaceAll(/\{[^}]+\}/g, "default"), {});
        if (status !== 501) answered.push(`${method} ${template} -> ${status}`);
      }
    }
    await cloud.close();
    // The default project is reached by its name as others are by their id.
    expect(answered.filter((line) => !line.includes(" /v2/projects/default"))).toEqual([]);
  });
});
