import { describe, expect, it } from "vitest";
import { secretName } from "../../catalog/secret-names.ts";

describe("a name", () => {
  it.each([
    "PGPASSWORD",
    "password",
    "HF_TOKEN",
    "API_KEY",
    "S3_ACCESS_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "NEO4J_AUTH",
    "POSTGRES_REPLICA_URL",
    "VALKEY_URI",
    "SENTRY_DSN",
  ])("%s is a secret's", (name) => expect(name).toMatch(secretName));

  it.each([
    "PASSWORD_FILE",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "MAX_TOKENS",
    "TOKENIZERS_PARALLELISM",
    "PRIVATE_ADDRESS",
    "FEEDBACK_URL",
    "DATABASE_POOL_SIZE",
    "MONKEY",
  ])("%s is none", (name) => expect(name).not.toMatch(secretName));
});
