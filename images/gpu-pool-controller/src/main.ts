import { runController } from "./run.ts";
import { readSettings } from "./settings.ts";

const running = await runController(readSettings(process.env), (line) => void process.stdout.write(line));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void running.stop());
}
