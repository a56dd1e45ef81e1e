/**
 * Names of environment variables whose value is a secret, as far as a name can tell. A name that ends in where the
 * secret lies or how long it lives (`..._FILE`, `..._SECONDS`) is no secret itself.
 */
export const secretName =
  /^(?!.*_(FILE|PATH|FOLDER|SECONDS|MINUTES|HOURS|DAYS|LENGTH)$).*(PASSWORD|PASSWD|PASSPHRASE|(^|_)(PWD|PASS|PSWD)$|SECRET|CREDENTIAL|TOKEN(_|$)|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_?KEY|(^|_)AUTH$|DSN$|(^|_)(DATABASE|DB|POSTGRES|PG|REDIS|VALKEY|CACHE|BROKER|AMQP)(_\w+)?_?UR[IL]$)/i;
