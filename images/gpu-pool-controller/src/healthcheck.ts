/** Docker's health check: exits 0 when the controller says that it is well. Kubernetes asks `/healthz` itself. */
const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? "8080"}/healthz`, {
  signal: AbortSignal.timeout(3000),
}).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
