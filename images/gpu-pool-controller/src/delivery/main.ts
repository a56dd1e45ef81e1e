import { runDelivery } from "./run.ts";
import { readDeliverySettings } from "./settings.ts";

const running = await runDelivery(
  readDeliverySettings(process.env),
  (line) => void process.stdout.write(line),
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void running.stop());
}
