import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "../errors.ts";

/**
 * Lets only requests with `Authorization: Bearer <token>` pass.
 * @param scope Which requests the token is for.
 */
export function requireBearer(
  app: FastifyInstance,
  token: string,
  scope: (request: FastifyRequest) => boolean,
): void {
  const expected = Buffer.from(token);
  app.addHook("onRequest", async (request) => {
    if (!scope(request)) return;
    const given = Buffer.from(/^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ApiError(401, "Unable to authenticate you");
    }
  });
}
