import { basename } from "node:path";
import { expect, it } from "vitest";
import { bundle } from "./openapi-bundle.ts";

const files: Record<string, unknown> = {
  "api.yml": {
    openapi: "3.0.0",
    paths: { "/v2/things": { get: { $ref: "list.yml" } } },
    components: { securitySchemes: { bearer: { type: "http" } } },
  },
  "list.yml": {
    parameters: [{ $ref: "shared.yml#/page" }],
    responses: { "200": { $ref: "answer.yml" }, default: { $ref: "shared.yml#/error" } },
    "x-codeSamples": [{ $ref: "sample.yml" }],
  },
  "shared.yml": {
    page: { name: "page", in: "query", schema: { type: "integer" } },
    error: { description: "no", content: { "application/json": { schema: { $ref: "models.yml#/error" } } } },
  },
  "answer.yml": {
    headers: { limit: { $ref: "limit.yml" } },
    content: { "application/json": { schema: { $ref: "models.yml#/wrapped" } } },
  },
  "limit.yml": { schema: { type: "integer" } },
  "sample.yml": { lang: "cURL" },
  "models.yml": {
    wrapped: { type: "array", items: { $ref: "#/alias" } },
    alias: { $ref: "#/thing" },
    thing: {
      properties: {
        // A property may bear a keyword's name, and a thing may hold things.
        items: { $ref: "#/thing" },
        error: { $ref: "other.yml#/error" },
      },
      discriminator: { mapping: { thing: "models.yml#/thing" } },
    },
    error: { type: "object" },
  },
  "other.yml": { error: { type: "string" } },
};

it("names what other files hold among the components, once, however it is referred to", () => {
  expect(bundle("/api.yml", (file) => files[basename(file)])).toEqual({
    openapi: "3.0.0",
    paths: {
      "/v2/things": {
        get: {
          parameters: [{ $ref: "#/components/parameters/page" }],
          responses: {
            "200": { $ref: "#/components/responses/answer" },
            default: { $ref: "#/components/responses/error" },
          },
          "x-codeSamples": [{ lang: "cURL" }],
        },
      },
    },
    components: {
      securitySchemes: { bearer: { type: "http" } },
      parameters: { page: { name: "page", in: "query", schema: { type: "integer" } } },
      headers: { limit: { schema: { type: "integer" } } },
      responses: {
        answer: {
          headers: { limit: { $ref: "#/components/headers/limit" } },
          content: { "application/json": { schema: { $ref: "#/components/schemas/wrapped" } } },
        },
        error: {
          description: "no",
          content: { "application/json": { schema: { $ref: "#/components/schemas/error-2" } } },
        },
      },
      schemas: {
        wrapped: { type: "array", items: { $ref: "#/components/schemas/thing" } },
        thing: {
          properties: {
            items: { $ref: "#/components/schemas/thing" },
            error: { $ref: "#/components/schemas/error" },
          },
        },
        error: { type: "string" },
        "error-2": { type: "object" },
      },
    },
  });
});

it("says which reference leads nowhere", () => {
  const broken = { paths: { $ref: "models.yml#/nothing" } };
  const read = (file: string) => (basename(file) === "api.yml" ? broken : files[basename(file)]);
  expect(() => bundle("/api.yml", read)).toThrow("/api.yml: models.yml#/nothing is not there");
});
