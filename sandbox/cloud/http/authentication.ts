import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ApiError } from "../errors.ts";

/**
 * Lets only requests with `Authorization: Bearer <token>` pass.
 * @param scope Which paths the token is for.
 */
export function requireBearer(app: FastifyInstance, token: string, scope: (path: string) => boolean): void {
  const expected = Buffer.from(token);
  app.addHook("onRequest", async (request) => {
    if (!scope(request.url)) return;
    const given = Buffer.from(/^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ApiError(401, "Unable to authenticate you");
    }
  });
}
