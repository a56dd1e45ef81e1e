import type { FastifyInstance } from "fastify";
import { ApiError } from "../errors.ts";

/**
 * Reads bodies as the API does: JSON whatever the content type says, and nothing at all where a client sends
 * `Content-Type: application/json` with an empty body, as most do with a DELETE.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    const text = body.toString();
    if (text.trim() === "") return done(null, undefined);
    try {
      done(null, JSON.parse(text));
    } catch {
      done(new ApiError(400, "The request body is not valid JSON."));
    }
  });
}
